import { type ReactElement, type ReactNode, use } from 'react';
import { Close, Dropdown } from './dropdown.tsx';

type MenuProps = {
  label: string;
  align?: 'start' | 'end';
  trigger: Parameters<typeof Dropdown>[0]['trigger'];
  children: ReactNode;
};

/** Choices below a button. */
export function Menu(props: MenuProps): ReactElement {
  return <Dropdown role="menu" {...props} />;
}

type ItemProps = { icon?: ReactNode; end?: ReactNode; children: ReactNode };

export function MenuItem(props: ItemProps & { onClick: () => void }): ReactElement {
  const close = use(Close);
  return (
    <button
      type="button"
      role="menuitem"
      className="menu-item"
      tabIndex={-1}
      onClick={() => {
        close();
        props.onClick();
      }}
    >
      <ItemBody {...props} />
    </button>
  );
}

/** A file to fetch. */
export function MenuDownload(props: ItemProps & { href: string }): ReactElement {
  const close = use(Close);
  return (
    <a role="menuitem" className="menu-item" tabIndex={-1} href={props.href} download onClick={close}>
      <ItemBody {...props} />
    </a>
  );
}

function ItemBody({ icon, end, children }: ItemProps): ReactElement {
  return (
    <>
      {icon}
      {children}
      {end && <span className="menu-end">{end}</span>}
    </>
  );
}

export function MenuLabel({ children }: { children: ReactNode }): ReactElement {
  return (
    <div className="menu-label" role="presentation">
      {children}
    </div>
  );
}

export function MenuLine(): ReactElement {
  return <div className="menu-line" role="separator" />;
}
