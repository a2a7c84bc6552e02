import type { JSX } from "preact";
import { Command } from "../a11y/parts.tsx";
import { samples } from "../samples.ts";
import { reading, take } from "../state/input.ts";
import { OpenButton } from "./header.tsx";
import { Paste } from "./input.tsx";

/** What is shown before there is a plan. */
export function Welcome(): JSX.Element {
  const sample = samples[0];
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">See what a plan changes, and which pods may be which role</h2>
      <p class="lead">
        Give it a Terraform or OpenTofu plan. It shows every change, and the trust policy of each role and binding
        before and after, statement by statement.
      </p>
      <div class="target">
        <svg viewBox="0 0 48 48" aria-hidden="true">
          <path d="M12 6h17l9 9v27H12zM29 6v9h9M25 21v13m-6-6 6 6 6-6" />
        </svg>
        <p>
          <strong>Drop a plan here</strong>, or paste it anywhere
        </p>
        <div class="choices">
          <OpenButton primary />
          {sample && (
            <button type="button" onClick={() => void take(sample.name, new TextEncoder().encode(sample.text))}>
              Look at a sample
            </button>
          )}
        </div>
      </div>
      {!reading.value && <Paste />}
      <h3>How to make the file</h3>
      <Command text="terraform plan -out=plan.tfplan" />
      <Command text="terraform show -json plan.tfplan > plan.json" />
      <p class="quiet">
        The same with <code>tofu</code>. The file stays in this browser tab: the page has no permission to send
        anything.
      </p>
    </section>
  );
}
