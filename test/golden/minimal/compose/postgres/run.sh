set -eu
server_program=$1 data=$2 password_file=$3
shift 3
binaries=${server_program%/*}

# The libraries' short names, where the package's own installation was not allowed to make them.
for library in "$binaries"/../lib/*.so.*.*; do
  short=${library%.*}
  [ ! -f "$library" ] || [ -e "$short" ] || ln -s "${library##*/}" "$short" || true
done

# PostgreSQL refuses to be root. In a name space of its own root has another number, and the files stay root's. Most
# containers allow none: there it is nobody, whom root's folders let pass.
as= owner=0
if [ "$(id -u)" = 0 ]; then
  as="unshare --user --map-user=1000 --map-group=1000"
  if ! $as true 2>/dev/null; then
    as="setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_override --ambient-caps=+dac_override"
    owner=65534
    if ! $as true 2>/dev/null; then
      echo "PostgreSQL does not run as root, and this machine lets root become nobody else: run obs as another user." >&2
      exit 126
    fi
  fi
  [ ! -e "$data/pgdata" ] || chown -R "$owner:$owner" "$data/pgdata"
fi

password=$(cksum <"$password_file")
if [ ! -e "$data/pgdata/PG_VERSION" ]; then
  # What an initdb that was interrupted left behind is no database.
  rm -rf "$data/pgdata.new"
  $as "$binaries/initdb" --pgdata="$data/pgdata.new" --username=obs --pwfile="$password_file" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C >/dev/null
  echo "$password" >"$data/pgdata.new/obs-password"
  mv "$data/pgdata.new" "$data/pgdata"
elif [ "$password" != "$(cat "$data/pgdata/obs-password" 2>/dev/null)" ]; then
  # Another than the data was made with: whoever lost that goes on with a new one.
  sed "s/'/''/g; s/.*/ALTER USER obs PASSWORD '&'/" "$password_file" |
    $as "$server_program" --single -D "$data/pgdata" -c log_min_error_statement=panic postgres >/dev/null
  echo "$password" >"$data/pgdata/obs-password"
fi

$as "$server_program" -D "$data/pgdata" "$@" &
server=$!
# SIGTERM would have the server wait for its clients.
trap 'kill -INT "$server" 2>/dev/null' TERM INT
status=0
wait "$server" || status=$?
# A signal ends the waiting, not the server.
while kill -0 "$server" 2>/dev/null; do
  status=0
  wait "$server" || status=$?
done
exit "$status"
