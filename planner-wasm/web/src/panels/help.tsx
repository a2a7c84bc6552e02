import type { JSX, RefObject } from "preact";
import { keys } from "../a11y/keys.ts";

export function Help({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }): JSX.Element {
  return (
    <dialog ref={dialog} aria-labelledby="help-title">
      <h2 id="help-title">Nothing leaves this page</h2>
      <p>
        Plans hold names, addresses and sometimes secrets. This page reads them in your browser and sends nothing: its
        content security policy forbids every connection (<code>connect-src 'none'</code>), so the browser refuses even
        if the page tried. Values that Terraform marks as sensitive are masked before anything is shown.
      </p>
      <p>You can see it for yourself: open the network tools of your browser, or pull the plug.</p>
      <h2>Keys</h2>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(", ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="primary">
          Close
        </button>
      </form>
    </dialog>
  );
}
