import type { ComponentChildren, JSX } from "preact";

export interface TabItem<T extends string> {
  readonly id: T;
  readonly title: string;
  readonly count: number;
}

interface Props<T extends string> {
  readonly label: string;
  readonly items: readonly TabItem<T>[];
  readonly chosen: T;
  readonly choose: (id: T) => void;
  readonly children: ComponentChildren;
}

/** The tabs pattern: arrows move between tabs, Tab goes into the panel. */
export function Tabs<T extends string>({ label, items, chosen, choose, children }: Props<T>): JSX.Element {
  const onKey = (event: KeyboardEvent) => {
    const here = items.findIndex(({ id }) => id === chosen);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: items.length - 1 }[event.key];
    const next = to === undefined ? undefined : items[(to + items.length) % items.length];
    if (next) {
      event.preventDefault();
      choose(next.id);
      document.getElementById(`tab-${next.id}`)?.focus();
    }
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} onKeyDown={onKey}>
        {items.map(({ id, title, count }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === chosen}
            aria-controls="panel"
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => choose(id)}
          >
            {title} <span class="count">{count}</span>
          </button>
        ))}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${chosen}`}>
        {children}
      </div>
    </div>
  );
}
