/** A file dropped where nothing takes it must not replace the page: in a browser it would open in its place. */
export function refuseDrops(page: Pick<Window, 'addEventListener'>): void {
  const refuse = (event: DragEvent): void => {
    if (!event.defaultPrevented) {
      event.preventDefault();
      if (event.dataTransfer) {
        event.dataTransfer.dropEffect = 'none';
      }
    }
  };
  page.addEventListener('dragover', refuse);
  page.addEventListener('drop', refuse);
}
