import {
  cloneElement,
  createContext,
  type CSSProperties,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { placeBelow } from './place-below.ts';
import './dropdown.css';

/** Closes the box around; the focus goes back to what opened it. */
export const Close = createContext<() => void>(() => {});

type TriggerProps = {
  'aria-haspopup': 'menu' | 'dialog';
  'aria-expanded': boolean;
  'aria-controls': string | undefined;
  onClick: () => void;
};

type DropdownProps = {
  role: 'menu' | 'dialog';
  label: string;
  align?: 'start' | 'end';
  /** What opens it; gets the click and the words for screen readers. */
  trigger: ReactElement<Partial<TriggerProps>>;
  children: ReactNode;
};

/** A box that opens below its trigger, above everything else, and closes as soon as anything else is touched. */
export function Dropdown(props: DropdownProps): ReactElement {
  const id = useId();
  const holder = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
    holder.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const trigger = cloneElement(props.trigger, {
    'aria-haspopup': props.role,
    'aria-expanded': open,
    'aria-controls': open ? id : undefined,
    onClick: () => setOpen(!open),
  });
  return (
    <span className="dropdown-holder" ref={holder}>
      {trigger}
      {open &&
        createPortal(
          <Box {...props} id={id} holder={holder} onLeave={() => setOpen(false)} onClose={close}>
            <Close value={close}>{props.children}</Close>
          </Box>,
          document.body,
        )}
    </span>
  );
}

type BoxProps = Pick<DropdownProps, 'role' | 'label' | 'align'> & {
  id: string;
  holder: RefObject<HTMLElement | null>;
  onLeave: () => void;
  onClose: () => void;
  children: ReactNode;
};

const focusable = '[role="menuitem"]:not([aria-disabled="true"]), input, button, a[href]';

function Box(props: BoxProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  // Not hidden: what is hidden takes no focus, and the focus is given before the box is drawn at its place.
  const [style, setStyle] = useState<CSSProperties>({ opacity: 0 });
  const { holder, align } = props;
  const leave = useEffectEvent(props.onLeave);
  const close = useEffectEvent(props.onClose);
  useLayoutEffect(() => {
    const from = holder.current?.getBoundingClientRect();
    if (from && box.current) {
      const screen = { width: window.innerWidth, height: window.innerHeight };
      setStyle(placeBelow(from, box.current.getBoundingClientRect(), { align: align ?? 'start', screen }));
    }
  }, [holder, align]);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>(focusable)?.focus();
    const outside = (event: Event): void => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !holder.current?.contains(target)) {
        leave();
      }
    };
    const away = (): void => leave();
    // What had the focus is gone, such as the button of a row that is no more: the box no longer hears the key.
    const escape = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape' && document.activeElement === document.body) {
        close();
      }
    };
    document.addEventListener('keydown', escape);
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('focusin', outside);
    window.addEventListener('resize', away);
    return () => {
      document.removeEventListener('keydown', escape);
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('focusin', outside);
      window.removeEventListener('resize', away);
    };
  }, [holder]);
  return (
    <div
      ref={box}
      id={props.id}
      role={props.role}
      aria-label={props.label}
      className="dropdown"
      style={style}
      onKeyDown={(event) => onKey(event, props.onClose)}
    >
      {props.children}
    </div>
  );
}

/** Arrows walk in a ring, Home and End go to its ends, Esc closes. */
function onKey(event: KeyboardEvent<HTMLDivElement>, close: () => void): void {
  if (event.key === 'Escape') {
    event.stopPropagation();
    close();
    return;
  }
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(focusable)];
  const place = items.findIndex((item) => item === document.activeElement);
  const places: Record<string, number> = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: -1 };
  const next = places[event.key];
  if (next !== undefined && items.length > 0) {
    event.preventDefault();
    items.at(next % items.length)?.focus();
  }
}
