// Copies of 6.40.0 in which one rule of the life cycle or of a fault is another: [what it does, a scenario that tells, text, instead].

export const MUTANT_VERSION = '6.40.0';

export const MUTANTS = [
  ['sets a refresh timer without focus', 'unf-r1s1', '!1===ry()?{}:{onRefresh:e}', '({onRefresh:e})'],
  [
    'lets a client payload replace a fresher token',
    'touch-t1s1',
    'r&&t.lastActiveToken&&rI(r,t.lastActiveToken)&&(t.lastActiveToken=r)',
    '0',
  ],
  [
    'lets a touch replace a fresher token',
    'bare-t2',
    'a&&rI(this.lastActiveToken,a)||(this.lastActiveToken=a)',
    'this.lastActiveToken=a',
  ],
  ['compares tokens of two organizations', 'org-w1r1', '&&rC(e)===rC(a)&&rx(e,a)!==a', '&&rx(e,a)!==a'],
  [
    'writes the cookie without focus in any context',
    'org-w1b1g1',
    'this.inVisibleCrossOriginIframe()||this.isCurrentContextActive()',
    'true',
  ],
  ['writes the cookie only with focus', 'focus-f1s1', '||this.isCurrentContextActive())&&', ')&&'],
  ['does not say in which context it writes', 'org-w1', 'this.setActiveContextInStorage(),e?', 'e?'],
  [
    'leaves the context cookie when it signs out',
    'out-o1',
    'this.activeCookie.remove(),this.sessionCookie.remove()',
    'this.sessionCookie.remove()',
  ],
  ['tells nobody of its sign-out', 'out-o1', 'this.#e8?.postMessage({type:"signout"})', ''],
  ['keeps its tokens when it signs out', 'out-o1', '.then(e=>(rP.clear(),e))', ''],
  ['ignores that another tab signed out', 'out-o1', 'e.data?.type==="signout"', 'false'],
  [
    "does not write a touch's token",
    'bare-t2',
    'this.lastActiveToken&&rh.emit(rl,{token:this.lastActiveToken})',
    '0',
  ],
  ["does not write a payload's token", 'open-t1', 'rh.emit(rl,{token:this.session?.lastActiveToken})', '0'],
  ['stays in its context when a fetch moves the session', 'org-w1g1', ',rh.emit(ru,null))', ')'],
  [
    'refreshes for the organization of the time at which the timer was set',
    'org-r1',
    'iE(()=>this.#ef(void 0,this.lastActiveOrganizationId,a,!0))',
    '(z=>iE(()=>this.#ef(void 0,z,a,!0)))(this.lastActiveOrganizationId)',
  ],
  ["posts another organization's token under its own key", 'org-r1', 'if(e.tokenId===n){', '{'],
  [
    'does not touch when it gains focus',
    'focus-f1',
    'this.#at.touchSession&&this.#aw(this.session,"focus")',
    'Promise.resolve()',
  ],
  [
    'does not ask for the client after a 401',
    'unauth-r1s1',
    '401===n&&"requires_captcha"!==t&&await th.clerk.handleUnauthenticated()',
    '0',
  ],
  [
    'stays signed in when its client says that nobody is',
    'unauth-o1s1',
    'if(this.updateClient(a),this.session)return;',
    'if(this.updateClient(a),true)return;',
  ],
  [
    'rejects a call that joined a fetch without a token',
    'null-s1g1',
    'a=e.getRawString()||null}else a=await',
    '(a=e.getRawString())||await Promise.reject(Error("none"))}else a=await',
  ],
  [
    'keeps a background answer without a token',
    'null-r1s1g1',
    'i.getRawString()&&(rP.set(',
    '(rP.set(',
  ],
];

/** A patch of one place. */
export function replacing(text, instead) {
  return (source) => {
    const places = source.split(text).length - 1;
    if (places !== 1)
      throw new Error(`${JSON.stringify(text)} stands in ${places} places of the bundle, expected one`);
    return source.replace(text, () => instead);
  };
}
