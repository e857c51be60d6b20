// Makes `electron` mean the double, for import and require alike.
import { registerHooks } from 'node:module';

const double = new URL('./electron.mjs', import.meta.url).href;
const names = new Set(['electron', 'electron/main', 'electron/common']);

registerHooks({
  resolve: (specifier, context, next) =>
    names.has(specifier) ? { url: double, shortCircuit: true } : next(specifier, context),
});
