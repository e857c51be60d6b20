const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const zero = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

function charWidth(char: string): number {
  return zero.test(char) ? 0 : wide.test(char) ? 2 : 1;
}

/** Columns a text takes on a terminal; it must hold no control characters. */
export function textWidth(text: string): number {
  return Array.from(text).reduce((sum, char) => sum + charWidth(char), 0);
}

/** The beginning of a text that fits into `columns`, ended by … when it is cut. */
export function cutText(text: string, columns: number): string {
  if (textWidth(text) <= columns) {
    return text;
  }
  let kept = '';
  let width = 0;
  for (const char of text) {
    width += charWidth(char);
    if (width > columns - 1) {
      break;
    }
    kept += char;
  }
  return columns > 0 ? `${kept}…` : '';
}

export function padText(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
