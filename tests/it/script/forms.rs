//! The forms in which a comparator can be written.

use super::*;

#[test]
fn the_example_decides_as_the_table_of_8097() {
    assert_eq!(winners(STANDARD), AS_8097);
}

#[test]
fn types_of_all_kinds_are_taken_away() {
    let script = r"
            import type { Deep } from './types';
            import { type JWT, TokenResource } from '@clerk/shared/types';
            declare const __DEV__: boolean;
            enum Side { Existing = 'existing', Incoming = 'incoming' }
            const enum Order { Before = -1, Same, After }
            type Pick2<T> = (existing: T, incoming: T) => T;
            interface HasHeader { header?: { oiat?: number } }
            abstract class Ranked { constructor(private readonly value: number) {}
              get rank(): number { return this.value; } }
            class Rank extends Ranked implements HasHeader {}
            namespace Stamps {
              export const oiat = (t: JWT): number => (t as JWT & HasHeader).header!.oiat ?? -1;
              export const iat = (t: JWT) => t?.claims?.iat ?? 0;
            }
            const limits = { least: -1 } satisfies Record<string, number>;
            function order(a: number, b: number): Order;
            function order(a: number, b: number) {
              return a < b ? Order.Before : a > b ? Order.After : Order.Same;
            }
            function side<const T extends JWT>(this: void, existing: T, incoming: T): Side {
              const [e, i] = [existing, incoming].map(t => new Rank(Stamps.oiat(t)).rank) as [number, number];
              if (e === limits.least && i === limits.least) return Side.Incoming;
              const by = order(e, i) || order(Stamps.iat(existing), Stamps.iat(incoming));
              return by === Order.After ? Side.Existing : Side.Incoming;
            }
            export const pickFreshestJwt = (<T extends JWT>(existing: T, incoming: T): T =>
              side(existing, incoming) === Side.Existing ? existing : incoming) as Pick2<JWT>;
            export type { Deep };
            export const other: unknown = undefined;
        ";
    assert_eq!(winners(script), AS_8097);
}

#[test]
fn a_function_for_resources_and_one_for_decoded_tokens_both_run() {
    let resource = "export function pickFreshestJwt(a, b) {
            if (a.getRawString() !== a.jwt.claims.__raw) throw new Error('raw');
            return (a.jwt.header.oiat ?? 0) > (b.jwt.header.oiat ?? 0) ? a : b; }";
    let decoded = "export function pickFreshestJwt(a, b) {
            return (a.header.oiat ?? 0) > (b.header.oiat ?? 0) ? a : b; }";
    assert_eq!(winners(resource), "eiiiieii");
    assert_eq!(winners(decoded), "eiiiieii");
}

#[test]
fn the_raw_token_says_the_same_as_the_decoded_one() {
    let script = "export function pickFreshestJwt(a, b) {
            const [header, claims, signature] = a.getRawString().split('.');
            const read = part => JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/')));
            if (!/^[A-Za-z0-9_-]{4,}$/.test(signature)) throw new Error('signature');
            const same = (text, part) => JSON.stringify(text) === JSON.stringify(part);
            if (!same(read(header), a.header)) throw new Error('header');
            const { __raw, ...rest } = a.claims;
            if (!same(read(claims), rest)) throw new Error('claims');
            if (a.encoded.payload !== claims) throw new Error('encoded');
            if (a.claims.exp <= a.claims.iat) throw new Error('exp');
            return b; }";
    assert_eq!(winners(script), "iiiiiiii");
}

#[test]
fn the_default_export_and_javascript_are_called_by_name_and_by_ending() {
    for ending in ["js", "mjs", "mts"] {
        let file = format!("rule.{ending}");
        let models = models(&file, "export default function (a, b) { return a; }");
        models.edit(
            "designs/scripted.toml",
            "\" }",
            "\", function = \"default\" }",
        );
        let run = models.freshest(&["table", "--design", "scripted"]);
        let table = run.ends_with(0).stdout;
        assert_eq!(
            table.matches("  existing  ").count() + table.matches("  existing *").count(),
            8,
            "{table}"
        );
    }
}

#[test]
fn what_the_model_knows_beyond_the_token_is_not_in_it() {
    let script = "const seen = ['__raw', 'azp', 'exp', 'iat', 'iss', 'nbf', 'sid', 'sub', 'v'];
            export function pickFreshestJwt(a, b) {
              for (const name of Object.keys(a.claims)) if (!seen.includes(name)) throw new Error(name);
              return b; }";
    let models = models("rule.js", script);
    models
        .freshest(&["explain", "scripted", "fmt-s2g1", "tie-is-adopted"])
        .ends_with(0);
}

#[test]
fn a_row_that_is_decided_by_the_claims_format_is_not_decided_as_a_whole() {
    let script = "export const pickFreshestJwt = (a, b) => a.claims.azp && !b.claims.azp ? a : b;";
    assert_eq!(winners(script), "dddddddd");
}
