namespace Mayu.Protocols.Tests;

/// <summary>How many mutations a test makes of its packets: a million at the long counts (<c>./test full</c>), less before.</summary>
internal static class MutationCount
{
    public static int Value { get; } = Environment.GetEnvironmentVariable("TEST_LEVEL") switch
    {
        "full" => 1_000_000,
        "ci" => 100_000,
        _ => 20_000,
    };
}
