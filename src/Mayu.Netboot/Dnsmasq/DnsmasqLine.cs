using System.Collections.Immutable;
using System.Text;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>One line of a configuration of dnsmasq: a keyword, and its values between commas.</summary>
/// <param name="Keyword">The keyword; of a hosts file empty.</param>
/// <param name="Values">What stands behind the equals sign, without quotes.</param>
internal sealed record DnsmasqLine(string Keyword, ImmutableArray<string> Values)
{
    private const string SetPrefix = "set:";
    private const string TagPrefix = "tag:";

    /// <summary>The tag that it sets; null for none.</summary>
    public string? Sets => Values.FirstOrDefault(value => value.StartsWith(SetPrefix, StringComparison.Ordinal))?[SetPrefix.Length..];

    /// <summary>The tags that it is for; one that must not be there begins with an exclamation mark.</summary>
    public IEnumerable<string> Wants => Values.Where(value => value.StartsWith(TagPrefix, StringComparison.Ordinal)).Select(value => value[TagPrefix.Length..]);

    /// <summary>Its values without those of <see cref="Sets"/> and <see cref="Wants"/>.</summary>
    public ImmutableArray<string> Rest => Values.RemoveAll(
        value => value.StartsWith(SetPrefix, StringComparison.Ordinal) || value.StartsWith(TagPrefix, StringComparison.Ordinal));

    /// <summary>Whether these tags are right for it.</summary>
    public bool Fits(IReadOnlySet<string> tags) => Wants.All(tag => tag.StartsWith('!') ? !tags.Contains(tag[1..]) : tags.Contains(tag));

    /// <summary>Reads a configuration. Comments begin a line or follow a space.</summary>
    public static IEnumerable<DnsmasqLine> Read(string configuration)
    {
        foreach (var line in Lines(configuration))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? new DnsmasqLine(line, []) : new DnsmasqLine(line[..equals].Trim(), Split(line[(equals + 1)..]));
        }
    }

    /// <summary>Reads a hosts file (<c>dhcp-hostsfile</c>).</summary>
    public static IEnumerable<DnsmasqLine> ReadHosts(string hosts) => Lines(hosts).Select(line => new DnsmasqLine("", Split(line)));

    /// <inheritdoc/>
    public override string ToString() => Values.IsEmpty ? Keyword : $"{Keyword}{(Keyword.Length > 0 ? "=" : "")}{string.Join(',', Values)}";

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'));

    // In quotes, comma, hash and space mean nothing, and a backslash takes the next character as it is.
    private static ImmutableArray<string> Split(string text)
    {
        var values = ImmutableArray.CreateBuilder<string>();
        var value = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '\\' when isQuoted && i + 1 < text.Length:
                    value.Append(text[++i]);
                    break;
                case ',' when !isQuoted:
                    values.Add(value.ToString().Trim());
                    value.Clear();
                    break;
                case '#' when !isQuoted && i > 0 && text[i - 1] is ' ' or '\t':
                    i = text.Length;
                    break;
                default:
                    value.Append(text[i]);
                    break;
            }
        }

        values.Add(value.ToString().Trim());
        return values.ToImmutable();
    }
}
