import { rank } from './rank';
interface Token { header: { oiat?: number }; claims: { iat: number } }
enum Side { Existing, Incoming }
export default function pickFreshestJwt<T extends Token>(existing: T, incoming: T): T {
  const order = (t: T) => t.header.oiat ?? -1;
  return order(existing) > order(incoming) || rank(existing as unknown) ? existing! : incoming;
}
