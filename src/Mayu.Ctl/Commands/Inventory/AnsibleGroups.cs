using System.Security.Cryptography;
using System.Text;
using Mayu.Client.Contracts;

namespace Mayu.Ctl.Commands.Inventory;

/// <summary>
/// The groups of Ansible that machines are in: by profile, state and tag. Group names are variable names to Ansible, so other characters become <c>_</c>. Where two names would
/// be one group, each gets a suffix made of its whole name, and no group has the short one: a playbook that names it finds nobody, and not the wrong machines.
/// </summary>
internal sealed class AnsibleGroups
{
    private const int SuffixBytes = 4;

    private readonly SortedDictionary<string, List<string>> _hosts = new(StringComparer.Ordinal);
    private readonly List<string> _ambiguous = [];

    /// <summary>Puts machines into their groups.</summary>
    /// <param name="machines">The machines, by their names as hosts.</param>
    public AnsibleGroups(IReadOnlyList<(string Host, Machine Machine)> machines)
    {
        var memberships = machines.SelectMany(one => NamesOf(one.Machine).Select(name => (Name: name, one.Host))).ToLookup(one => one.Name, one => one.Host, StringComparer.Ordinal);
        foreach (var same in memberships.GroupBy(group => Sanitize(group.Key), StringComparer.Ordinal))
        {
            if (same.Count() > 1)
            {
                _ambiguous.Add($"{string.Join(" and ", same.Select(group => group.Key))} would both be the group {same.Key}; they are {string.Join(" and ", same.Select(group => WithSuffix(group.Key)))}");
            }

            foreach (var group in same)
            {
                _hosts.Add(same.Count() > 1 ? WithSuffix(group.Key) : same.Key, [.. group]);
            }
        }
    }

    /// <summary>The hosts of each, by its name.</summary>
    public IEnumerable<KeyValuePair<string, List<string>>> Hosts => _hosts;

    /// <summary>Which names would have been one group, a sentence each.</summary>
    public IReadOnlyList<string> Ambiguous => _ambiguous;

    private static IEnumerable<string> NamesOf(Machine machine) =>
        machine.Metadata.Select(tag => "tag_" + tag)
            .Concat(machine.Profile is { } profile ? ["profile_" + profile] : [])
            .Append("state_" + machine.State)
            .Distinct(StringComparer.Ordinal);

    private static string WithSuffix(string name) => $"{Sanitize(name)}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, SuffixBytes))}";

    private static string Sanitize(string name) => string.Create(name.Length, name, static (group, from) =>
    {
        for (var i = 0; i < group.Length; i++)
        {
            group[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        }
    });
}
