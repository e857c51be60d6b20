import { RE2JS } from 're2js';

/** Nobody types a longer one, and building it would take long. */
const maximumLength = 1_000;

/**
 * An expression of RE2, which takes linear time on whatever text; it matches anywhere in the text, in upper and lower
 * case unless told otherwise. What is wrong with it comes as words.
 */
export function compileRegex(source: string, { sameCase = false } = {}): RE2JS | { problem: string } {
  if (source.length > maximumLength) {
    return { problem: `the expression is longer than ${maximumLength} characters` };
  }
  try {
    return RE2JS.compile(source, sameCase ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { problem: said.replace(/^error parsing regexp: /, '') };
  }
}
