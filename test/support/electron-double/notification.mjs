import { EventEmitter } from 'node:events';
import { record } from './record.mjs';
import { cancellable, coveredClass } from './uncovered.mjs';

/** Clicks are the test's: `notification.emit('click', {})`. */
export class Notification extends EventEmitter {
  static isSupported() {
    return true;
  }
  /** @param {{ title?: string, subtitle?: string, body?: string, silent?: boolean }} [options] */
  constructor({ title = '', subtitle = '', body = '', silent = false } = {}) {
    super();
    Object.assign(this, { title, subtitle, body, silent });
  }
  show() {
    record.notifications.push(this);
    setImmediate(() => this.emit('show', cancellable()));
  }
  close() {
    setImmediate(() => this.emit('close', cancellable()));
  }
}
coveredClass('Notification', Notification);
