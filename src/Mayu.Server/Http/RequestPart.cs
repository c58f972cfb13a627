namespace Mayu.Server.Http;

/// <summary>A part of a request, read before its handler runs: a handler runs when all that it asks for can be used.</summary>
/// <param name="problem">The answer to a request of which this part cannot be used; null when it can.</param>
internal abstract class RequestPart(Problem? problem)
{
    /// <summary>Whether it has read the query, and refused what it does not know there.</summary>
    public virtual bool IsQuery => false;

    /// <summary>Whether it has read <c>If-Match</c>, and the handler looks at it.</summary>
    public virtual bool IsPrecondition => false;

    /// <summary>The answer to a request of which this part cannot be used; null when it can.</summary>
    public Problem? Refused => problem;
}

/// <inheritdoc/>
internal abstract class RequestPart<T>(T? value, Problem? problem) : RequestPart(problem)
{
    /// <summary>What it says.</summary>
    public T Value => Refused is null ? value! : throw new InvalidOperationException("This part of the request is not valid.");
}
