import type { Task } from '#contract/run';
import type { ExecResult, PlannedHost, RenderText, TaskContext, TaskType } from '#core/ports';
import { chooseInterpreter } from './interpreter.ts';
import { planLaunch } from './launch-plan.ts';
import { checkScriptText, normaliseNewlines } from './script-text.ts';

type Os = 'linux' | 'windows';

const osOf = (host: PlannedHost): Os => (host.os === 'windows' ? 'windows' : 'linux');

/** Runs a script text with its interpreter on each target. */
export const scriptTask: TaskType = {
  name: 'script',
  prepare: (task, hosts, render) => prepareScript(task, hosts, render),
  run: async (task, context) => runScript(task, context),
};

function prepareScript(
  task: Task,
  hosts: readonly PlannedHost[],
  render: RenderText,
): { finalText: string; leftAlone: string[] } {
  checkScriptText(task.text);
  const text = normaliseNewlines(task.language, task.text);
  const rendered = task.noParameters ? { text, leftAlone: [] } : render(text, new Map(Object.entries(task.parameters)));
  checkScriptText(rendered.text);
  for (const os of new Set(hosts.map(osOf))) {
    // Only to refuse now what could not run later.
    chooseInterpreter(task.language, rendered.text, os);
    planLaunch({ type: task.language, text: rendered.text, args: task.args, os });
  }
  return { finalText: rendered.text, leftAlone: rendered.leftAlone };
}

async function runScript(task: Task, context: TaskContext): Promise<ExecResult> {
  const { runId, target, finalText, exec, sink, stop } = context;
  const launch = planLaunch({ type: task.language, text: finalText, args: task.args, os: osOf(target) });
  const stdin = task.stdin === undefined ? null : new TextEncoder().encode(task.stdin);
  return exec.run({ runId, target, launch, environment: task.environment, stdin }, sink, stop);
}
