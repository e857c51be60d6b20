import { createRoot } from 'react-dom/client';
import './app/styles.ts';
import { App } from './app/app.tsx';
import { startDensity } from './app/density.ts';
import { startI18n } from './app/i18n.ts';
import { refuseDrops } from './app/refuse-drops.ts';
import { startClient } from './client/index.ts';

startI18n();
startDensity();
startClient();
refuseDrops(window);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(<App />);
}
