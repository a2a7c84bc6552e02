// What of the plan is shown.
import { computed, effect, signal } from "@preact/signals";
import type { Class, Group, Row } from "../engine.ts";
import { loaded } from "./input.ts";

export const tabs = ["changes", "trust"] as const;
export type Tab = (typeof tabs)[number];

export const tab = signal<Tab>("changes");
export const filterText = signal("");
/** Classes of changes that are not shown. What does not change anything is off until it is asked for. */
export const hiddenClasses = signal<ReadonlySet<Class>>(new Set<Class>(["drift", "no_op"]));
export const openRows = signal<ReadonlySet<number>>(new Set());
export const closedGroups = signal<ReadonlySet<string>>(new Set());
export const openPolicies = signal<ReadonlySet<number>>(new Set());
export const onlyChangedPolicies = signal(false);

/** The chosen changes. Asking for it tells the engine what is chosen. */
export const groups = computed<readonly Group[]>(() => {
  const current = loaded.value;
  if (!current) {
    return [];
  }
  const shown = current.summary.counts.map(({ class: one }) => one).filter((one) => !hiddenClasses.value.has(one));
  const answer = current.plan.filter(filterText.value, shown);
  return answer.type === "success" ? answer.value : [];
});

/** So many rows are rendered without being asked for. */
export const PAGE = 200;

export function groupKey(group: Group): string {
  return `${group.kind} ${group.module}`;
}

export function expandAll(): void {
  closedGroups.value = new Set();
  const plan = loaded.value?.plan;
  const open = new Set<number>();
  for (const group of groups.value) {
    const answer = plan?.rows(group.id, 0, PAGE);
    const rows: readonly Row[] = answer?.type === "success" ? answer.value : [];
    for (const row of rows) {
      // More than a page of open rows is nothing that anybody reads.
      if (open.size < PAGE) {
        open.add(row.id);
      }
    }
  }
  openRows.value = open;
}

export function collapseAll(): void {
  openRows.value = new Set();
}

// A new plan starts with everything closed, but for a plan so small that all of it can be read at once.
effect(() => {
  const current = loaded.value;
  openRows.value = new Set();
  closedGroups.value = new Set();
  filterText.value = "";
  openPolicies.value = new Set(
    current?.trust
      .filter(({ status }) => status !== "unchanged" && status !== "rewritten")
      .slice(0, 3)
      .map(({ id }) => id),
  );
});
