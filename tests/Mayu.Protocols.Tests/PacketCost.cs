using System.Diagnostics;

namespace Mayu.Protocols.Tests;

/// <summary>Holds a codec to what a packet may cost, however hostile: 50 ms, and nothing that stays in memory.</summary>
internal sealed class PacketCost
{
    private const int Tries = 5;
    private const long MostLeft = 20 << 20;
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50);

    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);

    /// <summary>Reads a packet.</summary>
    /// <remarks>What takes long takes long each time. A machine that was busy with something else did not at one of five.</remarks>
    public static void Check(byte[] packet, Action<byte[]> read)
    {
        for (var i = 1; ; i++)
        {
            var start = Stopwatch.GetTimestamp();
            read(packet);
            if (Stopwatch.GetElapsedTime(start) <= Most)
            {
                return;
            }

            Assert.True(i < Tries, $"it took more than {Most.TotalMilliseconds} ms, {Tries} times, to read {Convert.ToHexString(packet)}");
        }
    }

    /// <summary>Looks at the end whether anything stayed: 21 bytes of each of a million packets would.</summary>
    public void CheckMemory() => Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - _before, long.MinValue, MostLeft);
}
