namespace Mayu.Bench.Start;

/// <summary>A server that knows machines before it is started.</summary>
internal interface IKnowingSite : IAsyncDisposable
{
    /// <summary>Writes down what it will know; not measured.</summary>
    Task FillAsync(int machines, CancellationToken cancellation);

    /// <summary>Starts it; done when it has said that it is ready.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>Asks so many times for all machines, where it has an answer to that.</summary>
    Task ListAsync(int times, int machines, CancellationToken cancellation);

    /// <summary>Changes what it knows of one machine; done when it has taken it in.</summary>
    Task ChangeAsync(int machine, int value, CancellationToken cancellation);
}
