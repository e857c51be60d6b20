import type { Bench, Outcome, Scene } from '../bench.ts';
import { mark } from '../marks.ts';
import { structureRules } from '../rules/structure-rules.ts';
import { runCmdlet } from './cmdlets.ts';
import { cmdletName } from './cmdlet-names.ts';
import { judgeMethod } from './dotnet-methods.ts';
import { filled, knownVariable, readExpression, readOperand } from './powershell-expression.ts';
import { runNative } from './native.ts';
import type { PowerCall, PowerDesk } from './power-desk.ts';
import { PowershellText } from './powershell-text.ts';
import { noValue, type PowerValue, textOf, textValue, unknownValue } from './powershell-values.ts';

type Defined = { readonly body: string; readonly parameters: readonly string[] };

/** Judges a PowerShell script statement by statement. */
export function judgePowershell(text: string, { scene, bench }: { scene: Scene; bench: Bench }): Outcome {
  const desk = new PowershellDesk(scene, bench);
  desk.judgeShape(text);
  const value = desk.runBlock(text, true);
  return { out: textOf(value), status: 'unknown' };
}

const maximumDepth = 60;
const keywords =
  /(?:if|elseif|else|while|until|for|switch|do|try|catch|finally|begin|process|end|trap|dynamicparam|parallel|sequence|inlinescript|data)\b(?![-\w\\.:])/iy;

class PowershellDesk implements PowerDesk {
  readonly scene: Scene;
  readonly bench: Bench;
  folder = `C:\\Users\\${mark.home}`;
  readonly aliases = new Map<string, string>();
  readonly #variables = new Map<string, PowerValue>();
  readonly #functions = new Map<string, Defined>();
  #depth = 0;

  constructor(scene: Scene, bench: Bench) {
    this.scene = scene;
    this.bench = bench;
  }

  judgeShape(text: string): void {
    if (
      /net\.sockets\.(tcp|udp)?client|net\.sockets\.socket/i.test(text) &&
      /\b(iex|invoke-expression)\b|cmd(\.exe)?\b|powershell|startinfo|invoke-command/i.test(text)
    ) {
      this.bench.inquiry.hit(structureRules.socketShell, 'socket and shell');
    }
    if (
      /while\s*\(\s*(\$true|1)\s*\)\s*\{[^}]*(start-process|start-job|saps)\b/i.test(text) &&
      !/sleep|wait/i.test(text)
    ) {
      this.bench.inquiry.hit(structureRules.endlessSpawn, 'a loop without end starts a new process each time');
    }
  }

  variable(name: string): PowerValue {
    const lower = name.toLowerCase().replace(/^(global|script|local|private|using|variable):/, '');
    return this.#variables.get(lower) ?? knownVariable(lower);
  }

  assign(name: string, value: PowerValue): void {
    this.#variables.set(
      name
        .toLowerCase()
        .replace(/^\$?\{?(global|script|local|private|variable):/, '')
        .replace(/^\$|[{}]/g, ''),
      value,
    );
  }

  method(name: string, subject: PowerValue, args: readonly PowerValue[]): PowerValue | undefined {
    return judgeMethod({ name, subject, args }, this);
  }

  runBlock(code: string, isWhole = false): PowerValue {
    this.bench.inquiry.spend();
    this.#depth += 1;
    const source = new PowershellText(code);
    const out: string[] = [];
    let block: string | undefined;
    while (this.#depth < maximumDepth) {
      source.skip({ lines: true });
      if (source.isAtEnd) {
        break;
      }
      if (isWhole) {
        this.bench.inquiry.at(source.at);
      }
      const before = source.at;
      const value = this.#statement(source);
      out.push(...value.items);
      block = value.block ?? block;
      source.at += source.at === before ? 1 : 0;
    }
    this.#depth -= 1;
    if (source.isBroken) {
      this.bench.inquiry.hit(structureRules.unreadable, 'a quote or a bracket that is never closed');
    }
    return { items: out.slice(0, 64), block };
  }

  #statement(source: PowershellText): PowerValue {
    if (source.take(/(?:function|filter|workflow)\s+/iy)) {
      return this.#define(source);
    }
    if (source.looksAt(/foreach\s*(-parallel\s*)?\(/iy)) {
      return this.#forEach(source);
    }
    if (source.take(/param\s*\(/iy)) {
      source.inside('(', ')');
      return noValue;
    }
    if (source.take(/(?:class|enum)\s+[^{]*\{/iy)) {
      this.runBlock(
        source.inside('{', '}').replace(/^\s*(hidden|static)?\s*(\[[\w.]+\]\s*)?\w+\s*\([^)]*\)\s*\{/gm, '& {'),
      );
      return noValue;
    }
    if (source.take(/(?:return|throw|exit|break|continue)\b/iy)) {
      source.skip();
      return source.isAtEnd || /[\n;}]/.test(source.char) ? noValue : this.#pipeline(source);
    }
    if (source.looksAt(keywords)) {
      return this.#keyword(source);
    }
    const target = source.take(
      /((?:\[[^\]]+\]\s*)?(\$(?:\{[^}]+\}|(?:\w+:)?\w+))((?:\.\w+|\[[^\]]*\])*))\s*(\+?=)(?!=)\s*/y,
    );
    return target ? this.#assignment(source, target) : this.#pipeline(source);
  }

  #assignment(source: PowershellText, [, , name = '', rest = '', sign]: RegExpExecArray): PowerValue {
    const value = this.#statement(source);
    if (rest === '') {
      const before = sign === '+=' ? this.variable(name.replace(/^\$\{?|\}$/g, '')) : noValue;
      const isJoin = before.items.length === 1 && value.items.length === 1;
      this.assign(
        name,
        isJoin
          ? textValue((before.items[0] ?? '') + (value.items[0] ?? ''))
          : { ...value, items: [...before.items, ...value.items] },
      );
    }
    return noValue;
  }

  #define(source: PowershellText): PowerValue {
    const name = source.take(/[^\s({]+/y)?.[0] ?? '';
    source.skip({ lines: true });
    const list = source.take(/\(/y) ? source.inside('(', ')') : '';
    source.skip({ lines: true });
    const body = source.take(/\{/y) ? source.inside('{', '}') : '';
    const inner = /^\s*(?:\[CmdletBinding[^\]]*\]\s*)?param\s*\(([^]*?)\)\s*(?=\n|;|\S)/i.exec(body)?.[1] ?? '';
    const parameters = [...`${list}\n${inner}`.matchAll(/\$(\w+)/g)].map(([, one = '']) => one);
    this.#functions.set(name.toLowerCase(), { body, parameters });
    this.bench.inquiry.uncalled(() => void this.runBlock(body));
    return noValue;
  }

  #forEach(source: PowershellText): PowerValue {
    source.take(/foreach\s*(-parallel\s*)?\(/iy);
    const head = new PowershellText(source.inside('(', ')'));
    const name = head.take(/\s*\$(\w+)\s+in\s+/iy)?.[1] ?? '_';
    const list = this.#pipeline(head);
    source.skip({ lines: true });
    const body = source.take(/\{/y) ? source.inside('{', '}') : '';
    return this.runEach(body, name, list.items.length > 0 ? list : unknownValue);
  }

  /** Runs a block once for each value. */
  runEach(body: string, name: string, list: PowerValue): PowerValue {
    const out: string[] = [];
    for (const item of list.items.slice(0, 32)) {
      this.assign(name, textValue(item));
      out.push(...this.runBlock(body).items);
    }
    return textValue(...out);
  }

  #keyword(source: PowershellText): PowerValue {
    const out: string[] = [];
    source.take(keywords);
    for (;;) {
      source.skip({ lines: false });
      source.take(/\s+(?=[({])/y);
      if (source.take(/\(/y)) {
        this.runBlock(source.inside('(', ')'));
      } else if (source.take(/\{/y)) {
        out.push(...this.#block(source.inside('{', '}')).items);
        source.take(/\s*(?=(?:elseif|else|catch|finally|while|until)\b)/iy);
        if (!source.take(keywords)) {
          return textValue(...out);
        }
      } else if (!source.take(/\[[^\]]*\]|-\w+|\$\w+/y)) {
        return textValue(...out);
      }
    }
  }

  /** The arms of a switch stand in a block as `value { code }`. */
  #block(code: string): PowerValue {
    return this.runBlock(code.replace(/^(\s*)(?:'[^'\n]*'|"[^"\n]*"|default|\$?[\w*.]+)\s*\{/gm, '$1& {'));
  }

  /** Runs a pipeline with `$_` and the pipe between its commands. */
  #pipeline(source: PowershellText): PowerValue {
    let value: PowerValue | undefined;
    for (;;) {
      source.skip();
      value = this.#element(source, value);
      source.skip();
      source.take(/\s*(?=\|(?!\|))/y);
      if (source.take(/&&|\|\|/y)) {
        source.take(/\s+/y);
        value = undefined;
      } else if (source.take(/\|/y)) {
        source.take(/\s+/y);
      } else {
        source.take(/&(?=\s*[;\n]|\s*$)/y);
        return value ?? noValue;
      }
    }
  }

  #element(source: PowershellText, input: PowerValue | undefined): PowerValue {
    const isCall = source.take(/[&.](?=\s*[\w"'$({\\/@`])/y) !== null;
    source.skip();
    if (!isCall && source.looksAt(/["'$@([{+!,]|-(?:not|join|split|\d)|\d+(?:\s|$|\.\.|[*+/%-])/iy)) {
      const value = readExpression(source, this);
      this.#redirects(source);
      return input ? { ...value, items: [...value.items, ...input.items] } : value;
    }
    const head = isCall ? readOperand(source, this) : textValue(this.#bareWord(source));
    if (head.block !== undefined) {
      this.#words(source);
      return this.runBlock(head.block);
    }
    return this.run({ name: textOf(head), words: this.#words(source), input });
  }

  /** Runs one command, whatever it is called. */
  run(call: PowerCall): PowerValue {
    const { inquiry } = this.bench;
    inquiry.spend();
    inquiry.commands += 1;
    const flat = call.words.flatMap(({ items }) => items);
    // Written for cmd, and meant so.
    if (
      /^(del|erase|rd|rmdir|copy|move|ren|dir|echo|start|type)$/i.test(call.name) &&
      flat.some((word) => /^(\/[a-z]{1,3})+(:\S*)?$/i.test(word))
    ) {
      return textValue(runNative({ name: call.name, args: flat, folder: this.folder }, this).out);
    }
    const own = this.#functions.get(call.name.toLowerCase());
    if (own && this.#depth < 12) {
      return this.#callFunction(own, call);
    }
    return runCmdlet({ ...call, name: cmdletName(call.name, this.aliases) }, this);
  }

  #callFunction({ body, parameters }: Defined, { words }: PowerCall): PowerValue {
    let position = 0;
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] ?? noValue;
      const option = /^-(\w+)$/.exec(textOf(word))?.[1];
      if (option !== undefined && parameters.some((name) => name.toLowerCase() === option.toLowerCase())) {
        at += 1;
        this.assign(option, words[at] ?? noValue);
      } else {
        this.assign(parameters[position] ?? 'args', word);
        position += 1;
      }
    }
    return this.runBlock(body);
  }

  /** The words of a command up to the end of it. */
  #words(source: PowershellText): PowerValue[] {
    const words: PowerValue[] = [];
    for (;;) {
      source.skip();
      if (source.isAtEnd || /[;|)}\n]/.test(source.char) || source.looksAt(/\r|&(?!\d)/y)) {
        return words;
      }
      if (this.#redirects(source)) {
        continue;
      }
      if (source.take(/--%/y)) {
        words.push(
          ...(source.take(/[^\n|]*/y)?.[0] ?? '')
            .trim()
            .split(/\s+/)
            .map((text) => textValue(text)),
        );
        continue;
      }
      words.push(this.#list(source));
    }
  }

  #list(source: PowershellText): PowerValue {
    let value = this.#word(source);
    while (source.take(/\s*,\s*(?:`\r?\n\s*)?/y)) {
      const next = this.#word(source);
      value = { items: [...value.items, ...next.items] };
    }
    return value;
  }

  #word(source: PowershellText): PowerValue {
    if (source.looksAt(/["'({[@]|\$[\w({:?]/y) && !source.looksAt(/\[[^\]]*\][*?\w.]|@\w/y)) {
      const value = readOperand(source, this);
      // A path may go on behind a variable: $env:TEMP\x.
      const rest = source.looksAt(/[^\s;|(){},]/y) ? this.#bareWord(source) : '';
      return rest === ''
        ? value
        : textValue(...(value.items.length > 0 ? value.items : ['']).map((text) => text + rest));
    }
    const option = source.take(/-[A-Za-z][\w-]*:(?=[$"'\w])/y);
    return option ? textValue(`${option[0]}${textOf(this.#word(source))}`) : textValue(this.#bareWord(source));
  }

  #bareWord(source: PowershellText): string {
    let text = '';
    while (!source.isAtEnd && !/[\s;|(){},]/.test(source.char) && !source.looksAt(/&(?!\w)|[<>](?!\w*:)/y)) {
      if (source.char === '`') {
        text += source.text[source.at + 1] ?? '';
        source.at += 2;
      } else if (source.char === '"' || source.char === "'") {
        const { text: inner, isExpandable } = source.quoted();
        text += isExpandable ? filled(inner, this) : inner;
      } else if (source.looksAt(/\$[\w{(]/y)) {
        text += textOf(readOperand(source, this));
      } else {
        text += source.char;
        source.at += 1;
      }
    }
    if (text === '' && !source.isAtEnd) {
      text = source.char;
      source.at += 1;
    }
    return text;
  }

  #redirects(source: PowershellText): boolean {
    const sign = source.take(/\s*(?:\d|\*)?>{1,2}(?:&\d)?\s*/y);
    if (!sign) {
      return false;
    }
    if (!/&\d/.test(sign[0])) {
      const target = this.#word(source);
      runCmdlet(
        { name: sign[0].includes('>>') ? 'add-content' : 'set-content', words: [target], input: undefined },
        this,
      );
    }
    return true;
  }
}
