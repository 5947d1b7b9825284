; The learning engine without programs: it stores nothing. A recording's words take the place of this text.

kernel learn0 over synapse
  ldi r0, 0
  st  r0, post.executed
end

kernel learn1 over synapse
  ldi r0, 0
  st  r0, post.executed
end

kernel learn2 over synapse
  ldi r0, 0
  st  r0, post.executed
end

kernel learn3 over synapse
  ldi r0, 0
  st  r0, post.executed
end
