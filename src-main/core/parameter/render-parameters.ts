import type { RenderText } from '#core/ports';
import { findParameters } from './find-parameters.ts';
import { renderText } from './render-text.ts';

/** Fills parameters into a text and says what looked like one and was left alone. */
export const renderParameters: RenderText = (text, values) => ({
  text: renderText(text, values),
  leftAlone: findParameters(text).leftAlone.map((piece) => piece.text),
});
