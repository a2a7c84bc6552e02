/** The page's content security policy: it may run its own code and nothing else, and it may not talk to anybody. */
export function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${script} 'wasm-unsafe-eval'`,
    `style-src ${style}`,
    "img-src 'self'",
    "connect-src 'none'",
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** For files that are served; a server adds `frame-ancestors`, which a document cannot say of itself. */
export const servedPolicy: string = policy("'self'", "'self'");
