/**
 * Shell text that puts the public key in its first argument into authorized_keys of its account and says `installed`, or
 * `already there`. A key is known by its type and its base64, whatever comment or options stand beside them.
 */
export const installKeyText = `#!/bin/sh
set -eu
umask 077
key=$1
set -f
set -- $key
known="$1 $2"
folder=$HOME/.ssh
file=$folder/authorized_keys
mkdir -p "$folder"
chmod 700 "$folder"
if [ -f "$file" ] && grep -v '^[[:space:]]*#' "$file" | grep -qF -e "$known"; then
  chmod 600 "$file"
  echo 'already there'
  exit 0
fi
if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then
  echo >> "$file"
fi
printf '%s\\n' "$key" >> "$file"
chmod 600 "$file"
if command -v restorecon > /dev/null 2>&1; then
  restorecon -F "$folder" "$file" > /dev/null 2>&1 || :
fi
echo installed
`;
