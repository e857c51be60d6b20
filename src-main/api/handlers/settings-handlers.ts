import type { NodeInfo } from '#contract/node';
import type { OutputOf } from '#contract';
import type { Clock } from '#core/ports';
import type { SettingsService } from '#core/settings/settings-service';
import type { Handlers } from '../dispatcher.ts';

export type SettingsHandlerServices = {
  readonly settingsService: SettingsService;
  readonly clock: Pick<Clock, 'now'>;
  readonly node: Pick<NodeInfo, 'name'>;
  /** What the node runs on now. */
  readonly facts: () => OutputOf<'node.facts'>;
};

type SettingsCalls = 'settings.get' | 'settings.set' | 'settings.reset' | 'settings.export' | 'node.facts';

export function createSettingsHandlers(services: SettingsHandlerServices): Pick<Handlers, SettingsCalls> {
  const { settingsService: service, clock, node } = services;
  return {
    'settings.get': () => ({ settings: service.list() }),
    'settings.set': ({ changes }, actor) => ({ settings: service.set(changes, actor) }),
    'settings.reset': ({ changes }, actor) => ({ settings: service.reset(changes, actor) }),
    'settings.export': () => ({
      drover: 'settings',
      version: 1,
      node: node.name,
      exportedAt: Math.round(clock.now()),
      settings: { ...service.values },
    }),
    'node.facts': () => services.facts(),
  };
}
