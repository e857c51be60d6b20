import { describe, expect, it } from 'vitest';
import { OutputHub } from '#core/run/output-hub';

describe('the output hub', () => {
  it('tells who watches a run of its output and of its state, and who watches all of states only', () => {
    const hub = new OutputHub();
    const told: string[] = [];
    hub.onRun('a', () => told.push('a'));
    hub.onRun('b', () => told.push('b'));
    hub.onAny(() => told.push('any'));
    hub.outputStored('a');
    expect(told).toEqual(['a']);
    hub.stateChanged('b');
    expect(told).toEqual(['a', 'b', 'any']);
  });

  it('tells nobody who has left, not even one who leaves while it tells', () => {
    const hub = new OutputHub();
    const told: string[] = [];
    const leaveFirst = hub.onRun('a', () => {
      told.push('first');
      leaveFirst();
      leaveSecond();
    });
    const leaveSecond = hub.onRun('a', () => told.push('second'));
    hub.onRun('a', () => told.push('third'));
    hub.outputStored('a');
    hub.outputStored('a');
    expect(told).toEqual(['first', 'third', 'third']);
    leaveFirst();
  });

  it('keeps a watcher that came after the last one of before had left', () => {
    const hub = new OutputHub();
    const leave = hub.onRun('a', () => undefined);
    leave();
    let told = 0;
    hub.onRun('a', () => {
      told += 1;
    });
    leave();
    hub.outputStored('a');
    expect(told).toBe(1);
  });
});
