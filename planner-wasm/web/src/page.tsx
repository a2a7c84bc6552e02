import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { listenToKeys } from "./a11y/keys.ts";
import { Tabs } from "./a11y/tabs.tsx";
import { Changes } from "./panels/changes.tsx";
import { Header } from "./panels/header.tsx";
import { Help } from "./panels/help.tsx";
import { Input } from "./panels/input.tsx";
import { Refusal } from "./panels/refusal.tsx";
import { Trust } from "./panels/trust.tsx";
import { Verdict } from "./panels/verdict.tsx";
import { Welcome } from "./panels/welcome.tsx";
import { loaded, take, takeFile } from "./state/input.ts";
import { tab } from "./state/view.ts";

export function Page(): JSX.Element {
  const help = useRef<HTMLDialogElement>(null);
  const showHelp = () => help.current?.showModal();
  useEffect(() => listenToKeys(showHelp), []);
  useEffect(acceptFiles, []);
  return (
    <>
      <Header showHelp={showHelp} />
      <div class="columns">
        <Input />
        <main>
          <Refusal />
          {loaded.value ? <Results /> : <Welcome />}
        </main>
      </div>
      <p class="drop-hint" aria-hidden="true">
        Drop the plan anywhere
      </p>
      <Help dialog={help} />
    </>
  );
}

function Results(): JSX.Element | null {
  const current = loaded.value;
  if (!current) {
    return null;
  }
  const silent = new Set(["no_op", "drift"]);
  const changes = current.summary.counts.filter(({ class: one }) => !silent.has(one));
  const items = [
    { id: "changes", title: "Changes", count: changes.reduce((sum, { count }) => sum + count, 0) },
    { id: "trust", title: "Trust policy", count: current.trust.length },
  ] as const;
  return (
    <>
      <Verdict summary={current.summary} />
      <Tabs label="Views of the plan" items={items} chosen={tab.value} choose={(id) => (tab.value = id)}>
        {tab.value === "changes" ? <Changes key={current.revision} /> : <Trust key={current.revision} />}
      </Tabs>
    </>
  );
}

/** A file can be dropped or pasted anywhere. */
function acceptFiles(): () => void {
  const root = document.documentElement;
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const onDragOver = (event: DragEvent) => {
    if (hasFile(event)) {
      event.preventDefault();
      root.classList.add("dropping");
    }
  };
  const onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) {
      root.classList.remove("dropping");
    }
  };
  const onDrop = (event: DragEvent) => {
    root.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (file) {
      event.preventDefault();
      void takeFile(file);
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.matches("input, textarea")) {
      return;
    }
    const file = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData("text/plain");
    if (file) {
      void takeFile(file);
    } else if (text) {
      void take("pasted text", new TextEncoder().encode(text));
    }
  };
  addEventListener("dragover", onDragOver);
  addEventListener("dragleave", onDragLeave);
  addEventListener("drop", onDrop);
  addEventListener("paste", onPaste);
  return () => {
    removeEventListener("dragover", onDragOver);
    removeEventListener("dragleave", onDragLeave);
    removeEventListener("drop", onDrop);
    removeEventListener("paste", onPaste);
  };
}
