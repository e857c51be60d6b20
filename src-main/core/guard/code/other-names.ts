/** Modules and functions that the code calls by names of its own. */
export function otherNames(text: string): Map<string, string> {
  const imports = [...text.matchAll(/(?:from\s+[\w.]+\s+)?import\s+([\w.]+)\s+as\s+(\w+)/g)].map(
    ([, module = '', name = '']) => [name, module] as const,
  );
  const required = [
    ...text.matchAll(/(\w+)\s*=\s*(?:await\s+import|require)\(\s*['"](?:node:)?([\w/]+)['"]\s*\)/g),
  ].map(([, name = '', module = '']) => [name, module.replace('/', '.')] as const);
  return new Map([...imports, ...required]);
}
