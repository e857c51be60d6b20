// Whatever the double does not cover must fail loudly: a test that passes on silence proves nothing.
import { EventEmitter } from 'node:events';

/** @param {string} what */
export function notAvailable(what) {
  return new Error(`electron double: ${what} is not available`);
}

/** Names that promises, serializers and test tools look up on any object without meaning Electron. */
const asked = new Set(['then', 'toJSON', 'inspect', 'nodeType', '$$typeof', 'asymmetricMatch', 'domain']);

/** @param {string} name @param {object} base */
function guarded(name, base) {
  return new Proxy(base, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || asked.has(key) || key in target) {
        return Reflect.get(target, key, receiver);
      }
      throw notAvailable(`${name}.${key}`);
    },
  });
}

/**
 * Lets reading an unknown property of a module throw. The guard stands behind the object, not before it,
 * so that tests can still replace functions and private fields keep working.
 * @template {object} T
 * @param {string} name
 * @param {T} object plain object or event emitter
 * @returns {T}
 */
export function covered(name, object) {
  return Object.setPrototypeOf(object, guarded(name, Object.getPrototypeOf(object)));
}

/**
 * The same for a class that extends EventEmitter or nothing: on its instances and on the class itself.
 * @template {new (...args: never[]) => object} T
 * @param {string} name
 * @param {T} type
 * @returns {T}
 */
export function coveredClass(name, type) {
  const emits = type.prototype instanceof EventEmitter;
  Object.setPrototypeOf(type.prototype, guarded(name, emits ? EventEmitter.prototype : Object.prototype));
  return Object.setPrototypeOf(type, guarded(name, emits ? EventEmitter : Function.prototype));
}

/** Stands for a whole module or class of Electron that is not covered. @param {string} name */
export function absent(name) {
  const refuse = () => {
    throw notAvailable(name);
  };
  return new Proxy(function absentModule() {}, {
    apply: refuse,
    construct: refuse,
    get(_target, key) {
      if (typeof key === 'symbol' || asked.has(key)) {
        return undefined;
      }
      throw notAvailable(`${name}.${key}`);
    },
  });
}

/** An event as Electron passes it first to listeners. @param {object} [extra] */
export function cancellable(extra = {}) {
  return {
    ...extra,
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}
