import type { TaskType } from '#core/ports';
import { scriptTask } from './script/index.ts';

/** Every task type there is, by its name on the wire. */
export const taskTypes: ReadonlyMap<string, TaskType> = new Map([scriptTask].map((type) => [type.name, type]));
