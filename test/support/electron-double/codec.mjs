// Text form of what Electron clones between processes: cycles, Map, Set, Date, bytes, BigInt, Error, undefined.

/**
 * Makes the codec. Its source text is also injected into pages, so it may use nothing but globals.
 * Text is JSON: plain objects stay objects, `['@', n]` points back at the nth object met, other arrays are tagged.
 */
export function makeCodec() {
  const views = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const errorNames = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];
  const chunk = 0x8000;
  const toText = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += chunk) {
      text += String.fromCharCode.apply(null, bytes.subarray(at, at + chunk));
    }
    return btoa(text);
  };
  const toBytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
  const refuse = (value) => {
    throw new Error(`An object could not be cloned. (${typeof value === 'object' ? tagOf(value) : typeof value})`);
  };
  const define = (object, key, value) =>
    key === '__proto__'
      ? Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
      : (object[key] = value);

  const encodePrimitive = (value) => {
    switch (typeof value) {
      case 'undefined':
        return ['u'];
      case 'bigint':
        return ['i', String(value)];
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ['n', Object.is(value, -0) ? '-0' : `${value}`];
      case 'symbol':
        return refuse(value);
      default:
        return value;
    }
  };
  const encodePlain = (value, put) => {
    const out = Object.create(null);
    for (const key of Object.keys(value)) {
      define(out, key, put(value[key]));
    }
    return out;
  };
  const encodeError = (error) => [
    'e',
    errorNames.includes(error.name) ? error.name : 'Error',
    String(error.message),
    String(error.stack ?? ''),
  ];
  const encodeObject = (value, put) => {
    const tag = tagOf(value);
    if (Array.isArray(value)) {
      return ['a', ...Array.from(value, put)];
    }
    if (ArrayBuffer.isView(value)) {
      return ['t', tag, toText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
    }
    switch (tag) {
      case 'Object':
        return encodePlain(value, put);
      case 'Date':
        return ['d', value.getTime()];
      case 'RegExp':
        return ['r', value.source, value.flags];
      case 'Map':
        return ['m', ...Array.from(value, ([key, item]) => [put(key), put(item)])];
      case 'Set':
        return ['s', ...Array.from(value, put)];
      case 'ArrayBuffer':
        return ['b', toText(new Uint8Array(value))];
      case 'Error':
        return encodeError(value);
      default:
        return refuse(value);
    }
  };

  /** @param {unknown} root @param {(f: Function) => unknown} [onFunction] gives a function's name on the wire */
  function encode(root, onFunction = refuse) {
    const seen = new Map();
    const put = (value) => {
      if (typeof value === 'function') {
        return ['f', onFunction(value)];
      }
      if (value === null || typeof value !== 'object') {
        return encodePrimitive(value);
      }
      if (seen.has(value)) {
        return ['@', seen.get(value)];
      }
      seen.set(value, seen.size);
      return encodeObject(value, put);
    };
    return JSON.stringify(put(root));
  }

  const makeError = (name, message, stack) => Object.assign(new Error(message), { name, stack });
  const makeView = (name, text) => {
    const bytes = toBytes(text);
    return name === 'Uint8Array' ? bytes : new views[name](bytes.buffer);
  };
  const fill = (made, node, get) => {
    if (Array.isArray(made)) {
      for (let at = 1; at < node.length; at++) {
        made.push(get(node[at]));
      }
    } else if (made instanceof Map) {
      for (let at = 1; at < node.length; at++) {
        made.set(get(node[at][0]), get(node[at][1]));
      }
    } else {
      for (let at = 1; at < node.length; at++) {
        made.add(get(node[at]));
      }
    }
    return made;
  };

  /** @param {string} text @param {(name: unknown) => unknown} [onFunction] gives the function behind a name */
  function decode(text, onFunction = refuse) {
    const made = [];
    // An object takes its number before its contents are read, as in encode.
    const keep = (value) => {
      made.push(value);
      return value;
    };
    const decodeTagged = {
      u: () => undefined,
      i: (node) => BigInt(node[1]),
      n: (node) => Number(node[1]),
      f: (node) => onFunction(node[1]),
      '@': (node) => made[node[1]],
      a: (node, get) => fill(keep([]), node, get),
      m: (node, get) => fill(keep(new Map()), node, get),
      s: (node, get) => fill(keep(new Set()), node, get),
      d: (node) => keep(new Date(node[1])),
      r: (node) => keep(new RegExp(node[1], node[2])),
      b: (node) => keep(toBytes(node[1]).buffer),
      t: (node) => keep(makeView(node[1], node[2])),
      e: (node) => keep(makeError(node[1], node[2], node[3])),
    };
    const get = (node) => {
      if (node === null || typeof node !== 'object') {
        return node;
      }
      if (Array.isArray(node)) {
        return decodeTagged[node[0]](node, get);
      }
      const object = keep({});
      for (const key of Object.keys(node)) {
        define(object, key, get(node[key]));
      }
      return object;
    };
    return get(JSON.parse(text));
  }
  return { encode, decode };
}

export const codec = makeCodec();
