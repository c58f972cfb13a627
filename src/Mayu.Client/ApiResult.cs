using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client;

/// <summary>What a request brought: a value, or a failure.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct ApiResult<T>
    where T : class
{
    private ApiResult(T? value, ApiFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The value, or null after a failure.</summary>
    public T? Value { get; }

    /// <summary>The failure, or null when there is a value.</summary>
    public ApiFailure? Failure { get; }

    /// <summary>Takes the result apart.</summary>
    /// <returns>True with the value, false with the failure.</returns>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ApiFailure? failure)
    {
        value = Value;
        failure = value is null ? Failure ?? new ApiFailure(ApiFailureKind.NotMayu, "there is no answer") : null;
        return value is not null;
    }

    /// <summary>The result of the same request, with another value in it.</summary>
    public ApiResult<TOther> Select<TOther>(Func<T, TOther> convert)
        where TOther : class
    {
        ArgumentNullException.ThrowIfNull(convert);
        return TryGet(out var value, out var failure) ? ApiResult<TOther>.Of(convert(value)) : ApiResult<TOther>.Of(failure);
    }

    /// <summary>Goes on with another request; a failure stays what it is.</summary>
    public Task<ApiResult<TOther>> ThenAsync<TOther>(Func<T, Task<ApiResult<TOther>>> next)
        where TOther : class
    {
        ArgumentNullException.ThrowIfNull(next);
        return TryGet(out var value, out var failure) ? next(value) : Task.FromResult(ApiResult<TOther>.Of(failure));
    }

    internal static ApiResult<T> Of(T value) => new(value, null);

    internal static ApiResult<T> Of(ApiFailure failure) => new(null, failure);
}
