type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
type Size = { readonly width: number; readonly height: number };
type Place = { left: number; top: number; maxHeight: number };

type Options = { readonly align: 'start' | 'end'; readonly screen: Size };

const gap = 4;
const margin = 8;

/** Where a box opens below its trigger, or above where there is more room, always inside the window. */
export function placeBelow(trigger: Box, box: Size, { align, screen }: Options): Place {
  const wanted = align === 'start' ? trigger.left : trigger.right - box.width;
  const left = Math.max(margin, Math.min(wanted, screen.width - box.width - margin));
  const below = screen.height - trigger.bottom - gap - margin;
  const above = trigger.top - gap - margin;
  if (box.height <= below || below >= above) {
    return { left, top: trigger.bottom + gap, maxHeight: below };
  }
  const height = Math.min(box.height, above);
  return { left, top: trigger.top - gap - height, maxHeight: above };
}
