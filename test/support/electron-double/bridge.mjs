/**
 * One end of the synchronous bridge between the two JavaScript worlds of a document: DOM events that carry text.
 * Its source is injected into both worlds, so it may use nothing but globals and its arguments.
 * @param {{ encode: Function, decode: Function }} codec of this world
 * @param {string} mine event name this end listens to @param {string} theirs event name of the other end
 */
export function makeBridge(codec, mine, theirs) {
  const dispatch = EventTarget.prototype.dispatchEvent.bind(document);
  const CustomEventHere = CustomEvent;
  const functions = [];
  const idOf = new WeakMap();
  const proxies = new Map();
  const waiting = new Map();
  const handlers = {};
  let calls = 0;
  let answer;

  const post = (message) => dispatch(new CustomEventHere(theirs, { detail: JSON.stringify(message) }));
  const nameOf = (f) => {
    if (!idOf.has(f)) {
      idOf.set(f, functions.push(f) - 1);
    }
    return idOf.get(f);
  };
  const proxyOf = (id) => {
    if (!proxies.has(id)) {
      proxies.set(id, (...args) => call(id, args));
    }
    return proxies.get(id);
  };
  const encode = (value) => codec.encode(value, nameOf);
  const decode = (text) => codec.decode(text, proxyOf);
  const outcome = (ok, value) => {
    try {
      return { ok, value: encode(value) };
    } catch (error) {
      return { ok: false, value: encode(error) };
    }
  };

  function call(id, args) {
    const n = ++calls;
    answer = undefined;
    // The other end has answered when dispatch returns; calls back into this world nest strictly inside.
    post({ type: 'call', id, n, args: encode(args) });
    const { ok, value, later } = answer ?? { ok: false, value: encode(new Error('the page has gone away')) };
    if (later) {
      return new Promise((resolve, reject) => waiting.set(n, { resolve, reject }));
    }
    if (!ok) {
      throw decode(value);
    }
    return decode(value);
  }

  function run({ id, args }, settle) {
    try {
      const value = functions[id](...decode(args));
      if (typeof value?.then !== 'function') {
        return outcome(true, value);
      }
      value.then(
        (result) => settle(outcome(true, result)),
        (error) => settle(outcome(false, error)),
      );
      return { later: true };
    } catch (error) {
      return outcome(false, error);
    }
  }

  handlers.call = (message) => {
    const settle = (result) => post({ type: 'settle', n: message.n, ...result });
    post({ type: 'answer', ...run(message, settle) });
  };
  handlers.answer = (message) => {
    answer = message;
  };
  handlers.settle = ({ n, ok, value }) => {
    const { resolve, reject } = waiting.get(n) ?? {};
    waiting.delete(n);
    if (ok) {
      resolve?.(decode(value));
    } else {
      reject?.(decode(value));
    }
  };
  document.addEventListener(
    mine,
    (event) => {
      event.stopImmediatePropagation();
      const message = JSON.parse(event.detail);
      handlers[message.type](message);
    },
    true,
  );
  return { post, encode, decode, handlers };
}
