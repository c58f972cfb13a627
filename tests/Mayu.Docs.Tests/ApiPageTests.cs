using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>docs/api.md has every request and every metric of the server, and no other.</summary>
public partial class ApiPageTests
{
    private const string Page = "docs/api.md";
    private const string Prefix = "/api/v1";

    private static readonly string Sources = string.Concat(Repository.Files("src/Mayu.Server/Api").Select(File.ReadAllText));

    private static readonly IReadOnlyList<string> FirstCells =
    [
        .. Repository.Page(Page).Lines
            .Select(line => FirstCell().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value),
    ];

    [Fact]
    public void The_table_of_requests_is_what_the_server_answers()
    {
        var answered = Mapped().Matches(Sources)
            .Select(match => $"{match.Groups[1].Value.ToUpperInvariant()} {match.Groups[2].Value}")
            .Where(request => request.Contains(Prefix, StringComparison.Ordinal))
            .Select(request => request.Replace(Prefix, "", StringComparison.Ordinal));
        var documented = FirstCells.Where(cell => cell.Contains(" /", StringComparison.Ordinal));
        Assert.Equal(answered.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    // The exporter writes dots as underscores, and a unit behind the name.
    [Fact]
    public void The_table_of_metrics_is_what_the_server_measures()
    {
        var measured = Gauge().Matches(Sources)
            .Select(match => match.Groups[2].Value.Replace('.', '_') + (match.Groups[3].Value == "s" ? "_seconds" : "") + (match.Groups[1].Success ? "_total" : ""));
        var documented = FirstCells.Where(cell => cell.StartsWith("mayu_", StringComparison.Ordinal));
        Assert.Equal(measured.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `([^`]+)` \|")]
    private static partial Regex FirstCell();

    [GeneratedRegex("Map(Get|Put|Post|Patch|Delete)\\(\"([^\"]+)\"")]
    private static partial Regex Mapped();

    [GeneratedRegex("CreateObservable(?:Gauge|(Counter))\\(\"([^\"]+)\", [^\"]*?(?:\"(s)\"|description)")]
    private static partial Regex Gauge();
}
