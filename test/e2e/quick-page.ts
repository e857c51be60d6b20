import type { Locator, Page } from 'playwright/test';

/** The text of the terminal that is on the screen. */
export function output(page: Page): Locator {
  return page.locator('.xterm-rows').first();
}

export function runButton(page: Page): Locator {
  return page.getByRole('button', { name: /^Run on / });
}

/** Replaces what stands in the editor. */
export async function typeScript(page: Page, text: string): Promise<void> {
  const editor = page.locator('.monaco-editor').first();
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}
