// Chrome DevTools Protocol over Chromium's debugging pipe: JSON messages, each ended by a NUL byte.

export class Cdp {
  #output;
  #lastId = 0;
  /** @type {Map<number, { method: string, sessionId: string, resolve: Function, reject: Function }>} */
  #pending = new Map();
  /** @type {Map<string, (method: string, params: any) => void>} */
  #listeners = new Map();
  #closed = false;

  /**
   * @param {import('node:stream').Writable} output
   * @param {import('node:stream').Readable} input
   */
  constructor(output, input) {
    this.#output = output;
    /** Settles when the browser is gone. */
    this.closed = new Promise((resolve) => {
      input.once('close', resolve);
      output.once('error', resolve);
    }).then(() => this.#close());
    let parts = [];
    input.on('error', () => {});
    input.on('data', (/** @type {Buffer} */ data) => {
      let from = 0;
      for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0, from)) {
        parts.push(data.subarray(from, end));
        this.#receive(Buffer.concat(parts).toString('utf8'));
        parts = [];
        from = end + 1;
      }
      parts.push(data.subarray(from));
    });
  }

  /**
   * @param {string} method @param {object} [params] @param {string} [sessionId] of a target, '' for the browser
   * @returns {Promise<any>} rejects when the browser refuses, or when target or browser are gone before they answer
   */
  send(method, params = {}, sessionId = '') {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error(`${method}: the browser is gone`));
        return;
      }
      const id = ++this.#lastId;
      this.#pending.set(id, { method, sessionId, resolve, reject });
      this.#output.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
  }

  /** @param {string} sessionId '' for the browser @param {(method: string, params: any) => void} listener */
  listen(sessionId, listener) {
    this.#listeners.set(sessionId, listener);
  }

  #receive(/** @type {string} */ text) {
    const { id, method, params, result, error, sessionId = '' } = JSON.parse(text);
    if (id === undefined) {
      this.#listeners.get(sessionId)?.(method, params);
      if (method === 'Target.detachedFromTarget') {
        this.#forget(params.sessionId);
      }
      return;
    }
    const asked = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) {
      asked?.reject(new Error(`${asked.method}: ${error.message}`));
    } else {
      asked?.resolve(result);
    }
  }

  // Chromium never answers what a closed target was asked: without this, whoever waits would wait for ever.
  #forget(/** @type {string} */ sessionId) {
    this.#listeners.delete(sessionId);
    for (const [id, asked] of this.#pending) {
      if (asked.sessionId === sessionId) {
        this.#pending.delete(id);
        asked.reject(new Error(`${asked.method}: the window is gone`));
      }
    }
  }

  #close() {
    this.#closed = true;
    for (const asked of this.#pending.values()) {
      asked.reject(new Error(`${asked.method}: the browser is gone`));
    }
    this.#pending.clear();
  }
}
