import i18next from 'i18next';

/** What people call a target: `local` is always the machine Drover itself runs on. */
export const targetName = (name: string): string => (name === 'local' ? i18next.t('common.thisMachine') : name);
