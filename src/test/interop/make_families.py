"""Golden numbers of model families: usage make_families.py OUT. Made with torch 2.7.1 and transformers 4.57.6, float32,
eager attention, on a CPU. Each case is a small model whose weights follow from their names alone (`values`), so that
only its config.json, the names and sizes of its tensors, and its hidden states are kept. Of some cases `without` is a
change of config.json that takes an option away: the embeddings must then be others, or the model refused."""
import json
import sys
import zlib

import numpy as np
import torch
from transformers import AutoConfig, AutoModel

VOCABULARY = 96
LENGTHS = [1, 2, 5, 13, 24, 40]


def values(name, shape):
    """A wide spread between -1 and 1, scaled so that states stay of order 1; norms scale by something near 1."""
    count = int(np.prod(shape))
    i = np.arange(count, dtype=np.uint64)
    x = (i * np.uint64(2654435761) + np.uint64(zlib.crc32(name.encode()))) % np.uint64(2**32)
    x = (x * np.uint64(2246822519) + np.uint64(374761393)) % np.uint64(2**32)
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(3266489917)) % np.uint64(2**32)
    unit = x.astype(np.float64) / 2**31 - 1
    scale = 1.0 if len(shape) == 1 else 2.0 / np.sqrt(shape[-1])
    if "embed" in name or "wte" in name or "wpe" in name or "relative_attention_bias" in name:
        scale = 1.0
    return (scale * unit).astype(np.float32).reshape(shape)


def windows(longest):
    """Token ids, drawn once; the padding id 1 is among them."""
    random = np.random.default_rng(17)
    return [random.integers(0, VOCABULARY, n).tolist() for n in LENGTHS + [longest]]


def rounded(state):
    return [round(x, 7) for x in state.tolist()]


def case(name, kind, without=None, longest=60, **options):
    usual = dict(vocab_size=VOCABULARY, max_position_embeddings=72)
    if kind != "distilbert":
        usual |= dict(hidden_size=16, num_hidden_layers=4, num_attention_heads=4, intermediate_size=24)
    config = AutoConfig.for_model(kind, **(usual | options))
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    model = AutoModel.from_config(config).eval()
    state = {n: torch.from_numpy(values(n, tuple(t.shape))) for n, t in model.state_dict().items()}
    model.load_state_dict(state)
    layers = config.num_hidden_layers
    ids = windows(longest)
    middle, last, ends = [], [], []
    with torch.no_grad():
        for window in ids:
            out = model(input_ids=torch.tensor([window]), output_hidden_states=True)
            middle.append(rounded(out.hidden_states[(layers + 1) // 2][0].mean(0)))
            last.append(rounded(out.last_hidden_state[0].mean(0)))
            ends.append([rounded(out.last_hidden_state[0][0]), rounded(out.last_hidden_state[0][-1])])
    used = [n for n, _ in model.named_parameters()]
    return dict(name=name, config=json.loads(config.to_json_string()), without=without or {},
                tensors={n: list(t.shape) for n, t in state.items() if n in used},
                windows=ids, layer=(layers + 1) // 2, middle=middle, last=last, ends=ends)


ROPE = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=24)
CASES = [
    case("bert", "bert", {"hidden_act": "relu"}),
    case("bert-options", "bert", {"layer_norm_eps": 1e-12}, hidden_act="gelu_new", layer_norm_eps=0.05,
         type_vocab_size=3),
    case("llama", "llama"),
    case("llama-grouped", "llama", {"rope_theta": 10000.0}, num_key_value_heads=2, head_dim=6, rope_theta=500.0),
    case("llama-linear", "llama", {"rope_scaling": None}, rope_scaling=dict(rope_type="linear", factor=4.0)),
    case("llama-llama3", "llama", {"rope_scaling": None}, rope_scaling=ROPE),
    case("llama-biases", "llama", {"attention_bias": False, "mlp_bias": False}, attention_bias=True, mlp_bias=True,
         hidden_act="gelu"),
    case("llama-epsilon", "llama", {"rms_norm_eps": 1e-6}, rms_norm_eps=0.05),
    case("mistral", "mistral", {"sliding_window": None}, num_key_value_heads=2, sliding_window=7),
    case("qwen2", "qwen2", num_key_value_heads=2),
    case("qwen2-window", "qwen2", {"layer_types": None, "use_sliding_window": False}, num_key_value_heads=1,
         use_sliding_window=True, sliding_window=5, max_window_layers=1),
    case("qwen3", "qwen3", num_key_value_heads=2, head_dim=8),
    case("qwen3-window", "qwen3", {"layer_types": None}, num_key_value_heads=4, head_dim=4, attention_bias=True,
         use_sliding_window=True, sliding_window=9, max_window_layers=0,
         layer_types=["full_attention", "sliding_attention"] * 2),
    case("xlm-roberta", "xlm-roberta", {"pad_token_id": 2}, pad_token_id=1, max_position_embeddings=74,
         type_vocab_size=1),
    case("roberta", "roberta", {"pad_token_id": 1}, pad_token_id=3, max_position_embeddings=76, layer_norm_eps=1e-5),
    case("gpt_neox", "gpt_neox", {"use_parallel_residual": False}, rotary_pct=0.5),
    case("gpt_neox-serial", "gpt_neox", {"use_parallel_residual": True}, rotary_pct=1.0, use_parallel_residual=False,
         attention_bias=False, hidden_act="gelu_new"),
    case("gpt_neox-linear", "gpt_neox", {"rope_scaling": None}, rotary_pct=0.5, rotary_emb_base=900,
         rope_scaling=dict(type="linear", factor=2.0), layer_norm_eps=0.03),
    case("gemma3_text", "gemma3_text", {"query_pre_attn_scalar": 8}, num_key_value_heads=2, head_dim=8,
         query_pre_attn_scalar=20, sliding_window=6, sliding_window_pattern=2, rope_local_base_freq=100.0),
    case("gemma3_text-scaled", "gemma3_text", {"rope_scaling": None}, num_key_value_heads=1, head_dim=4,
         query_pre_attn_scalar=4, sliding_window=11, rope_theta=5000.0,
         layer_types=["full_attention", "sliding_attention", "sliding_attention", "full_attention"],
         rope_scaling=dict(rope_type="linear", factor=8.0), attention_bias=True),
    case("gemma3_text-local", "gemma3_text", {"rope_local_base_freq": 10000.0}, num_key_value_heads=2, head_dim=8,
         query_pre_attn_scalar=8, sliding_window=30, sliding_window_pattern=4, rope_local_base_freq=50.0),
    case("modernbert", "modernbert", {"local_attention": 128}, local_attention=8, pad_token_id=0),
    case("modernbert-options", "modernbert", {"global_attn_every_n_layers": 3}, local_attention=14, pad_token_id=0,
         global_attn_every_n_layers=2, norm_bias=True, attention_bias=True, mlp_bias=True, global_rope_theta=900.0,
         local_rope_theta=40.0, hidden_activation="silu"),
    case("mpnet", "mpnet", {"layer_norm_eps": 0.1}, longest=150, max_position_embeddings=160),
    case("distilbert", "distilbert", {"activation": "relu"}, dim=16, n_layers=4, n_heads=4, hidden_dim=24),
    case("olmo2", "olmo2", {"rms_norm_eps": 0.1}, num_key_value_heads=2, rope_theta=700.0),
    case("olmo2-biases", "olmo2", {"attention_bias": False}, attention_bias=True, hidden_act="relu"),
]
# Saved, a bidirectional window is read back as half of itself: the case keeps what was asked for.
ahead = case("gemma3_text-ahead", "gemma3_text", {"use_bidirectional_attention": False}, num_key_value_heads=2,
             head_dim=8, query_pre_attn_scalar=8, sliding_window=12, sliding_window_pattern=2,
             use_bidirectional_attention=True)
ahead["config"]["sliding_window"] = 12
CASES.append(ahead)

with open(sys.argv[1], "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c, default=str) for c in CASES) + "\n]\n")
