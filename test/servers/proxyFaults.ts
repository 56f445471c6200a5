/** A request as the proxy saw it. Of a customer key nothing is kept but its MD5. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent, percent-encoded. */
  readonly path: string;
  readonly customerKey: SeenCustomerKey;
  /** The same for the source of a copy. */
  readonly sourceCustomerKey: SeenCustomerKey;
  /** Those that matter for conditions, ranges, copies and metadata; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the client was answered; undefined while in flight and after a reset. */
  status?: number;
  /** Body bytes that came from the client and went to it. */
  requestBytes: number;
  responseBytes: number;
  /** The kind of fault that was injected. */
  fault?: Fault['kind'];
}

/** Which of the three customer-key headers a request carried. */
export interface SeenCustomerKey {
  readonly algorithm: boolean;
  readonly key: boolean;
  /** The base64 MD5 that was sent. */
  readonly keyMd5?: string;
}

/** What can go wrong, as the proxy does it. All of it survives JSON. */
export type Fault =
  /** Answers itself; the server never sees the request. */
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Cuts the connection before the request reaches the server, or after it has been carried out. */
  | { readonly kind: 'reset'; readonly when: 'beforeForward' | 'beforeResponse' }
  /** Cuts it after that many body bytes in one direction. */
  | {
      readonly kind: 'resetAfter';
      readonly direction: 'request' | 'response';
      readonly bytes: number;
    }
  /** Forwards later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** A server that ignores these headers: they are removed, and the request is signed anew. */
  | { readonly kind: 'stripRequestHeaders'; readonly names: readonly string[] }
  /** A server that doesn't answer these headers, such as the customer key's echo. */
  | { readonly kind: 'stripResponseHeaders'; readonly names: readonly string[] }
  /** A whole-looking answer (Content-Length fits) with only the first bytes of the body. */
  | { readonly kind: 'truncateBody'; readonly bytes: number };

/** Decides on each request, in the order of arrival. */
export type FaultRule = (request: RecordedRequest) => Fault | undefined;

/** A rule as data: which requests, and what happens to them. */
export interface FaultDescription {
  readonly match: {
    readonly method?: string;
    /** Tried on the path with its query. */
    readonly pathRegex?: string;
    /** Only the nth request (from 1) that matches the others; default: every one. */
    readonly nth?: number;
  };
  readonly fault: Fault;
}

/** Makes a rule of its description. */
export function ruleOf({ match, fault }: FaultDescription): FaultRule {
  const pattern = match.pathRegex === undefined ? undefined : new RegExp(match.pathRegex);
  let seen = 0;
  return ({ method, path }) => {
    if (match.method !== undefined && match.method !== method) return undefined;
    if (pattern && !pattern.test(path)) return undefined;
    seen += 1;
    return match.nth === undefined || match.nth === seen ? fault : undefined;
  };
}
