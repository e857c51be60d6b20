import { contextBridge, ipcRenderer } from 'electron';

/** All that a page can reach: four functions over four channels, none of Electron itself. */
contextBridge.exposeInMainWorld('droverBridge', {
  call: (name: string, input: unknown): Promise<unknown> => ipcRenderer.invoke('drover:call', name, input),
  follow: (request: unknown): void => ipcRenderer.send('drover:follow', request),
  unfollow: (id: string): void => ipcRenderer.send('drover:unfollow', id),
  onFrame: (listener: (id: string, frame: unknown) => void): void => {
    ipcRenderer.on('drover:frame', (_event, id: string, frame: unknown) => listener(id, frame));
  },
});
