"""Searching findings under the second lock, as SQL (decision 0012): pairs of neighboring characters, in a core index.

`array @>` is not leakproof, so that row security would keep it from its index: findings_with runs as the owner and
repeats the policy instead. It tells the ids of findings that the caller may see, and nothing of any other.
"""

# A post that reaches no more rows than this is answered by reading them, whatever the word.
ALL_READ = 3_000
# One that reaches no more than this reads them too, unless less than one of so many of the first holds the word.
FEW, RARE = 20_000, 50
# So many are read first, then more: where a third of them hold the word, it is found by reading on.
PROBED, PROBED_NEXT = 500, 2_000

GRAMS = """
create function finding_grams(said text) returns int[] language sql immutable strict parallel safe cost 5000
as $$
  select coalesce(array_agg((ascii(one) << 15) # ascii(two)), '{}')
  from (select string_to_array(said, null) as letters) t, unnest(t.letters, t.letters[2:]) as pair(one, two)
  where two is not null
$$
"""
INDEX = "create index finding_search on finding using gin (finding_grams(number || ' ' || text))"
FOUND = """
create function findings_with(wanted text, most int) returns setof uuid language plpgsql stable security definer
set search_path = public set work_mem = '64MB' set plan_cache_mode = force_custom_plan as $$
declare
  reached bigint;
  probed int;
  soon uuid[];
  is_rare boolean;
begin
  if length(wanted) < 2 then
    return;
  end if;
  reached := UPTO_ALL_READ;
  if reached > ALL_READ then
    -- The index names all who hold a word before the first is told; a common word is found without it.
    foreach probed in array array[PROBED, PROBED_NEXT, 4 * most] loop
      soon := array(select any_few.id from (
          select id, number, text from finding where FORM limit probed
        ) any_few where position(wanted in text) > 0 or position(wanted in number) > 0 limit most);
      if cardinality(soon) >= most then
        return query select unnest(soon);
        return;
      end if;
      exit when cardinality(soon) * 3 < probed;
    end loop;
  end if;
  is_rare := cardinality(soon) * RARE < probed;
  if not is_rare then
    reached := UPTO_FEW;
  end if;
  if is_rare or reached > FEW then
    return query select id from finding
      where finding_grams(number || ' ' || text) @> finding_grams(wanted)
      and (position(wanted in text) > 0 or position(wanted in number) > 0) and (FORM) limit most;
  else
    return query select id from finding
      where (position(wanted in text) > 0 or position(wanted in number) > 0) and (FORM) limit most;
  end if;
end $$
"""


# Those within reach, counted no further than so many.
REACHED = """(select count(*) from (select 1 from finding where PLACE limit MOST + 1) few)
    + (select count(*) from (select 1 from finding where inspection_id = any(MINE) limit MOST + 1) few)"""


def search_sql(form: str, *, place: str, mine: str) -> list[str]:
    """The functions of the search, under that policy form; the index itself stands in the migration."""
    found = FOUND
    counted = {f"UPTO_{name}": REACHED.replace("MOST", name) for name in ("ALL_READ", "FEW")}
    numbers = {"ALL_READ": ALL_READ, "FEW": FEW, "RARE": RARE, "PROBED_NEXT": PROBED_NEXT, "PROBED": PROBED}
    for name, said in {**counted, "PLACE": place, "MINE": mine, "FORM": form, **numbers}.items():
        found = found.replace(name, str(said))
    return [GRAMS.strip(), found.strip()]
