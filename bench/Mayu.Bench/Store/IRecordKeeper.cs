namespace Mayu.Bench.Store;

/// <summary>Keeps records of machines, each with a history, on a disk.</summary>
internal interface IRecordKeeper : IAsyncDisposable
{
    /// <summary>Whether several changes may be under way at once.</summary>
    bool TakesMany { get; }

    /// <summary>Lays out so many machines, as quickly as it can; not measured.</summary>
    Task FillAsync(int machines, CancellationToken cancellation);

    /// <summary>Changes one machine's record; done when it is durable and in the history.</summary>
    Task ChangeAsync(int machine, int value, CancellationToken cancellation);

    /// <summary>Takes in so many new machines that come all at once.</summary>
    Task RegisterAsync(int machines, CancellationToken cancellation);
}
