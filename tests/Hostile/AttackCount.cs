namespace Mayu.Hostile.Tests;

/// <summary>How often an attack is repeated: what shows that it does not work, and with <c>TEST_LEVEL=full</c> what an attacker has the time for.</summary>
internal static class AttackCount
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("TEST_LEVEL") == "full";

    /// <summary>The one or the other.</summary>
    public static int Of(int usual, int full) => IsFull ? full : usual;
}
