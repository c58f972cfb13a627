using System.Globalization;

namespace Mayu.Protocols.Tests;

/// <summary>How many mutations a test makes: 20,000, or what MAYU_MUTATIONS says.</summary>
internal static class MutationCount
{
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MAYU_MUTATIONS"), CultureInfo.InvariantCulture, out var count) ? count : 20_000;
}
