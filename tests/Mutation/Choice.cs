using System.Security.Cryptography;
using System.Text;

namespace Mayu.Mutation;

/// <summary>
/// The order in which a seed chooses places. Where a place comes in it depends on the seed, its file and what is changed, and on nothing
/// else: after an edit the same seed chooses the same mutants of all code that stayed as it was, so that two figures can be compared.
/// </summary>
internal static class Choice
{
    /// <returns>All places, each with its number in that order.</returns>
    public static IReadOnlyList<Mutant> Order(IEnumerable<SourceFile> files, int seed) =>
    [
        .. files.SelectMany(file => file.Places.GroupBy(place => (place.Before, place.After))
                .SelectMany(same => same.Select((place, index) => (file, place, Rank: RankOf($"{seed}\n{file.Path}\n{place.Before}\n{place.After}\n{index}")))))
            .OrderBy(one => one.Rank, StringComparer.Ordinal)
            .Select((one, index) => new Mutant(index + 1, one.file, one.place)),
    ];

    private static string RankOf(string place) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(place)));
}
