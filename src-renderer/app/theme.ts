import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from '@mantine/core';

const pasture: MantineColorsTuple = [
  '#e6f3f1',
  '#cfe6e3',
  '#a3cfca',
  '#74b7b0',
  '#4da39a',
  '#2a8f85',
  '#17837a',
  '#0f6f67',
  '#0b5f58',
  '#064a45',
];

const stone: MantineColorsTuple = [
  '#faf9f7',
  '#f3f1ee',
  '#e7e4df',
  '#d8d3cc',
  '#bdb6ac',
  '#948c81',
  '#6b645b',
  '#4f4942',
  '#36322d',
  '#23201c',
];

const night: MantineColorsTuple = [
  '#e6e2dc',
  '#b9b2a8',
  '#a39b90',
  '#6f685f',
  '#3d3833',
  '#332f2a',
  '#262320',
  '#1e1c19',
  '#181614',
  '#12100f',
];

const monoFont = "'JetBrains Mono', ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace";

const quick = { transition: 'fade', duration: 100 } as const;

export const theme = createTheme({
  colors: { pasture, gray: stone, dark: night },
  primaryColor: 'pasture',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  fontFamilyMonospace: monoFont,
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1rem', lineHeight: '1.5' } } },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.25rem', xl: '1.5rem' },
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Modal: { defaultProps: { transitionProps: quick, overlayProps: { backgroundOpacity: 0.35 } } },
  },
});

export const colorSchemes = localStorageColorSchemeManager({ key: 'drover-colour-scheme' });
