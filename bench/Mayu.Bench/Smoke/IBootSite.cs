namespace Mayu.Bench.Smoke;

/// <summary>What machines boot from: DHCP and boot HTTP, ready to answer.</summary>
internal interface IBootSite : IAsyncDisposable
{
    /// <summary>Returns when what these machines were answered has come true.</summary>
    /// <param name="machines">All that held their conversations.</param>
    /// <param name="answers">What they were answered.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <exception cref="Lab.LabException">It has not.</exception>
    Task CheckAsync(IReadOnlyList<SimulatedMachine> machines, IReadOnlyList<Answers> answers, CancellationToken cancellation);
}
