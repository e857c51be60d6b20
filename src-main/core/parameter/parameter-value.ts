/** What a parameter may hold when a text is rendered. */
export type ParameterValue = string | number | boolean | readonly string[];

/** What an expression may compute on its way to text. */
export type ExpressionValue =
  | string
  | number
  | boolean
  | null
  | readonly ExpressionValue[]
  | ReadonlyMap<string, ExpressionValue>;

/** Text, parameters and results alike may hold this many bytes of UTF-8. */
export const maximumTextBytes = 5 * 1024 * 1024;

/** Why an expression has no value; the sentence never holds a parameter's value, which may be a secret. */
export class ExpressionError extends Error {}

/** JSON in Jinja's spelling: a blank after each comma and colon. */
export function toJson(value: ExpressionValue): string {
  if (isList(value)) {
    return `[${value.map(toJson).join(', ')}]`;
  }
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}: ${toJson(item)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** How a value stands in the text: lists and maps as JSON, none as nothing. */
export function toText(value: ExpressionValue): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value === null) {
    return '';
  }
  return typeof value === 'object' ? toJson(value) : String(value);
}

export function isList(value: ExpressionValue): value is readonly ExpressionValue[] {
  return Array.isArray(value);
}
