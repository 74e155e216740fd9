// What the model's data files say, by way of `freshest list`.

import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { InputError } from './errors.mjs';
import { WORKPLACE, runFreshest, usualModels } from './freshest.mjs';

export class Catalog {
  #designs;
  #scenarios;

  constructor({ designs, scenarios }) {
    this.#designs = designs;
    this.#scenarios = scenarios;
  }

  /** @param models the directory with designs/ and scenarios/; undefined means the project's own */
  static async read(models) {
    return new Catalog(JSON.parse(await runFreshest(['list', '--format', 'json', ...modelOptions(models)])));
  }

  /**
   * [version, design] for every published release that a design corresponds to, in order of version.
   *
   * @param among only these; a design may name releases that are not installed
   */
  releases(among = null) {
    const pairs = this.#designs
      .flatMap(({ name, releases }) => releases.map((version) => [version, name]))
      .filter(([version]) => among === null || among.includes(version));
    return pairs.sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
  }

  /** The design that this release corresponds to. */
  designOf(version) {
    const release = this.releases().find(([released]) => released === version);
    if (release === undefined) {
      throw new InputError(`no design names ${version} among its releases; add --design`);
    }
    return release[1];
  }

  /** The names of all designs: those of releases first, the latest before the others. */
  designNames() {
    const released = this.releases().map(([, design]) => design);
    const rank = (name) => released.lastIndexOf(name);
    return this.#designs.map(({ name }) => name).sort((a, b) => rank(b) - rank(a));
  }

  /** The names of all scenarios. */
  scenarioNames() {
    return this.#scenarios.map(({ name }) => name);
  }

  /** Whether a design can be run in a scenario. One that is in a file is taken for one of the SDK's in a browser. */
  canRun(design, scenario) {
    const known = this.#designs.find(({ name }) => name === design) ?? this.#designs.find(({ releases }) => releases.length > 0);
    return !(known?.not_run_in ?? []).includes(scenario);
  }

  /** {tabs, start, budget, by}: `by` limits a stimulus to some tabs. */
  scenario(name) {
    const found = this.#scenarios.find((scenario) => scenario.name === name);
    if (found === undefined) {
      const names = this.#scenarios.map((scenario) => scenario.name);
      throw new InputError(`no scenario ${name}: there are ${names.join(', ')}`);
    }
    return found;
  }
}

/** The program may run elsewhere, so a path is made independent of where. */
export function modelOptions(models) {
  if (models === undefined) return usualModels();
  return ['--models', models === 'builtin' ? models : resolve(models)];
}

/** A design is named, or is in a file; a file may be anywhere. */
export function designOperand(design) {
  const isFile = /[\\/]|\.toml$/.test(design) && existsSync(design);
  return isFile ? relative(WORKPLACE, resolve(design)) : design;
}
