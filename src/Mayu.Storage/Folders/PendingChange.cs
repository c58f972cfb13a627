using Mayu.Core.Machines;

namespace Mayu.Storage.Folders;

/// <summary>A change that waits for the writer.</summary>
/// <param name="author">Who asked for it.</param>
/// <param name="decide">What is to be done, given a snapshot.</param>
/// <param name="cancellationToken">Whoever asked has given up waiting.</param>
internal sealed class PendingChange(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken)
{
    // The caller goes on elsewhere: the writer must not run its code.
    private readonly TaskCompletionSource<ChangeOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who asked for it.</summary>
    public Author Author => author;

    /// <summary>What is to be done, given a snapshot.</summary>
    public Func<ClusterSnapshot, Proposal> Decide => decide;

    /// <summary>The answer.</summary>
    public Task<ChangeOutcome> Answer => _completion.Task;

    /// <summary>Nobody waits any more, and it was not begun: it is dropped.</summary>
    public bool DropIfAbandoned() => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    /// <summary>Answers.</summary>
    public void Complete(ChangeOutcome outcome) => _completion.TrySetResult(outcome);

    /// <summary>Answers with a failure.</summary>
    public void Fail(Exception exception)
    {
        if (_completion.TrySetException(exception))
        {
            // Whoever asked may have given up: the exception counts as seen.
            _ = _completion.Task.Exception;
        }
    }
}
