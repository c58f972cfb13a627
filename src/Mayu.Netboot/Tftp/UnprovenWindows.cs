using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// How much of a window a transfer may send: all of it once its client is known to be there. Before that a window of several blocks
/// needs room in the budget, and is sent twice at most; a single block always goes. Used by the listener's thread alone.
/// </summary>
/// <param name="agreement">What both sides hold to.</param>
/// <param name="budget">What all such transfers share.</param>
/// <param name="isKnown">Whether the client confirmed a block, and the kernel knows the way to it.</param>
internal sealed class UnprovenWindows(TftpAgreement agreement, UnprovenBudget budget, Func<bool> isKnown)
{
    // The second one is for a client that lost the first: it would wait for its own time-out where only one block came.
    private const int MostWindows = 2;

    // A rack whose machines all ask for large windows at once has them one after the other in less; a lone block costs each a second.
    private const int MostWaits = 10;

    private bool _isProven;
    private int _waits;
    private int _windows;
    private int _taken;

    /// <summary>So many blocks are to be sent.</summary>
    /// <returns>How many may be; 0, some times: it is to wait a moment for others to give back their part.</returns>
    public int Allow(int blocks)
    {
        if (_isProven || blocks == 1)
        {
            return blocks;
        }

        if (isKnown())
        {
            _isProven = true;
            budget.GiveBack(_taken);
            return blocks;
        }

        var bytes = blocks * (TftpPacket.DataHeaderSize + agreement.BlockSize);
        if (_windows < MostWindows && budget.TryTake(bytes))
        {
            _windows++;
            _taken += bytes;
            return blocks;
        }

        if (_windows > 0 || _waits == MostWaits)
        {
            return 1;
        }

        _waits++;
        return 0;
    }
}
